import type { Http } from '#base/http'
import { type ApiDeps, apiRoutes } from './routes.ts'

/** The native API as OpenAPI and as a page, and whether this node can serve. */
export function openApi(deps: ApiDeps) {
  return { routes: (http: Http): void => apiRoutes(http, deps) }
}
