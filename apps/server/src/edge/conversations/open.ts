import type { Http } from '#base/http'
import type { HistoryDeps } from './deps.ts'
import { historyRoutes } from './routes.ts'

/** The native API to read conversations, with what functions did in them. */
export function openConversationHistory(deps: HistoryDeps) {
  return { routes: (http: Http): void => historyRoutes(http, deps) }
}
