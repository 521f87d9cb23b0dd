export type { EgressLimits, EgressPorts, InternalListener, RefusedCall } from './ports.ts'
export { type AdmittedGuest, type EgressProxy, openEgressProxy } from './proxy.ts'
export { type Address, openResolver, type Resolver } from './resolver.ts'
