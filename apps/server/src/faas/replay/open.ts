import type { Http } from '#base/http'
import type { ReplayDeps } from './deps.ts'
import { replayRoutes } from './routes.ts'

/** Runs invocations again from what was recorded of them. */
export function openReplay(deps: ReplayDeps) {
  return { routes: (http: Http) => replayRoutes(http, deps) }
}
