export { type FunctionConnections, openFunctionConnections } from './client-address.ts'
export type { ClientAddress } from './client-address.ts'
export {
  type ErrorDialect,
  KEY_PROOF_ALGORITHMS,
  NATIVE_ERRORS,
  NO_CONSUMER,
  splitUrl,
} from './error-dialects.ts'
export { type Failure, failureOf } from './failure.ts'
export { FOR_PAGES, preflightHeaders, routesForPages } from './for-pages.ts'
export { isOwnHost, matchesHost, OWN_HOST, OWN_HOSTS } from './host-names.ts'
export type { HotCall, HotHandler, HotRequest } from './hot.ts'
export { connectionsThatFit } from './limits.ts'
export type { ListenOptions } from './listeners.ts'
export { decodePart, matchPath, type PathMatch, type PathParams } from './match-path.ts'
export { type Http, openHttp } from './open.ts'
export { parseQuery } from './parse-query.ts'
export {
  beforeItRuns,
  type CallAudit,
  currentCall,
  type CurrentCall,
  type Guard,
  type GuardedRequest,
  letRepeat,
  type Principal,
  requireHeld,
  requirePermission,
  within,
} from './principal.ts'
export { isPublicAddress } from './public-address.ts'
export { readBody } from './read-body.ts'
export {
  type Admit,
  guarded,
  invalidRequest,
  parsePart,
  route,
  type RouteCall,
  type RouteHandler,
} from './route.ts'
export type { HotAnswer } from './send-answer.ts'
export type { UpgradeCall } from './upgrades.ts'
