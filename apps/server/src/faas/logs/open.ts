import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import { openEventStreams } from '#base/kit'
import type { LogsDeps } from './deps.ts'
import { logRoutes } from './routes.ts'
import { searchLogs } from './search-logs.ts'

/** Log entries of functions: search, export, live tail. */
export type Logs = ReturnType<typeof openLogs>

export function openLogs(base: Omit<LogsDeps, 'streams'>) {
  const streams = openEventStreams(base)
  const deps: LogsDeps = { ...base, streams }
  return {
    ...withDeps(deps, { search: searchLogs }),
    /** To be called when the server begins to stop: open tails would delay it. */
    beginStop: () => streams[Symbol.dispose](),
    routes: (http: Http) => logRoutes(http, deps),
  }
}
