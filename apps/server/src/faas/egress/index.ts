export type { EgressLimits, EgressPorts, InternalListener, RefusedCall } from './ports.ts'
export { type AdmittedGuest, type EgressDeps, type EgressProxy, openEgressProxy } from './proxy.ts'
