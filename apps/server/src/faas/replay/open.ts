import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import type { ReplayDeps } from './deps.ts'
import { replayOnce } from './replay-invocation.ts'
import { replayRoutes } from './routes.ts'
import { openSeries } from './series.ts'
import { readVersion, versionOf } from './target.ts'

/** Runs invocations again from what was recorded of them. */
export type ReplayModule = ReturnType<typeof openReplay>

export function openReplay(deps: ReplayDeps) {
  return {
    ...withDeps(deps, { openSeries, replayOnce, versionOf, readVersion }),
    routes: (http: Http) => replayRoutes(http, deps),
  }
}
