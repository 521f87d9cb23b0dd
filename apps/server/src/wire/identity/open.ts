import type { Http } from '#base/http'
import { authorizationRoutes } from './authorization-routes.ts'
import { consumerRoutes } from './consumer-routes.ts'
import type { Deps } from './deps.ts'
import { directoryRoutes } from './directory-routes.ts'
import { IDENTITY_ERRORS, SENTINEL_ERRORS } from './errors.ts'
import { lookUpRoutes } from './look-up-routes.ts'
import { sentinelRoutes } from './sentinel-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { shiftRoutes } from './shift-routes.ts'

/** Serves the published service look-up, log-in, tokens, and sign-up of consumers. */
export function openWireIdentity(deps: Deps) {
  return {
    routes(http: Http): void {
      http.speak(IDENTITY_ERRORS)
      http.speak(SENTINEL_ERRORS)
      lookUpRoutes(http, deps)
      sessionRoutes(http, deps)
      sentinelRoutes(http, deps)
      authorizationRoutes(http, deps)
      consumerRoutes(http, deps)
      directoryRoutes(http, deps)
      shiftRoutes(http, deps)
    },
  }
}
