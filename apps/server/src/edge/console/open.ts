import type { Http } from '#base/http'
import type { ConsoleDeps } from './deps.ts'
import { consoleRoutes } from './routes.ts'

/** The console of developers and the workspace of agents, as browsers load them. They use only the public API. */
export function openConsole(deps: ConsoleDeps) {
  return { routes: (http: Http): void => consoleRoutes(http, deps) }
}
