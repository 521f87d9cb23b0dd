import type { Http } from '#base/http'
import type { PageDeps } from './deps.ts'
import { pageRoutes } from './routes.ts'

/** What browsers load. */
export function openPages(deps: PageDeps) {
  return { routes: (http: Http): void => pageRoutes(http, deps) }
}
