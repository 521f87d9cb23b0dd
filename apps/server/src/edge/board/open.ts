import type { Http } from '#base/http'
import type { BoardDeps } from './deps.ts'
import { boardRoutes } from './routes.ts'

/** What supervisors see and do. */
export function openBoard(deps: BoardDeps) {
  return { routes: (http: Http): void => boardRoutes(http, deps) }
}
