import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import type { LogsDeps } from './deps.ts'
import { logRoutes } from './routes.ts'
import { searchLogs } from './search-logs.ts'

/** Log entries of functions: search, export, live tail. */
export type Logs = ReturnType<typeof openLogs>

export function openLogs(base: Omit<LogsDeps, 'onClose'>) {
  const closing = new Set<() => void>()
  const deps: LogsDeps = {
    ...base,
    onClose(close) {
      closing.add(close)
      return { [Symbol.dispose]: () => void closing.delete(close) }
    },
  }
  return {
    ...withDeps(deps, { search: searchLogs }),
    /** To be called when the server begins to stop: live tails would hold it up. */
    endStreams() {
      for (const close of closing) close()
    },
    routes: (http: Http) => logRoutes(http, deps),
  }
}
