import type { Http } from '#base/http'
import type { Deps } from './deps.ts'
import { historyRoutes } from './routes.ts'

/** Serves the published history of conversations, and the present state of agents and queues. */
export function openWireHistory(deps: Deps) {
  return { routes: (http: Http): void => historyRoutes(http, deps) }
}
