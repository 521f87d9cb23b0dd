import { consumerRoutes } from './consumer-routes.ts'
import { IDENTITY_ERRORS, SENTINEL_ERRORS } from './errors.ts'
import { lookUpRoutes, type LookUpDeps } from './look-up-routes.ts'
import { profileRoutes } from './profile-routes.ts'
import { sentinelRoutes } from './sentinel-routes.ts'
import { sessionRoutes } from './session-routes.ts'

export { isService } from './services.ts'

export type WireIdentityDeps = LookUpDeps

/** The published ways to find the services, to log in, and to get tokens. */
export function wireIdentityRoutes(deps: WireIdentityDeps): void {
  deps.http.speak(IDENTITY_ERRORS)
  deps.http.speak(SENTINEL_ERRORS)
  lookUpRoutes(deps)
  sessionRoutes(deps)
  sentinelRoutes(deps)
  consumerRoutes(deps)
  profileRoutes(deps)
}
