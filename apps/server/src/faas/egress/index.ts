export { callOut, type CallOutDeps, type OutgoingAnswer } from './call-out.ts'
export {
  type EgressLimits,
  type EgressPorts,
  type InternalListener,
  MAX_ANSWER_BYTES,
  type RefusedCall,
} from './ports.ts'
export { type AdmittedGuest, type EgressProxy, openEgressProxy } from './proxy.ts'
export { type Address, openResolver, type Resolver } from './resolver.ts'
