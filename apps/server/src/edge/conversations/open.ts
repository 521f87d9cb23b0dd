import type { Http } from '#base/http'
import { openChatHistory } from '#chat/history'
import type { HistoryDeps } from './deps.ts'
import { historyRoutes } from './routes.ts'

type OpenHistoryDeps = Omit<HistoryDeps, 'chats'> & Parameters<typeof openChatHistory>[0]

/** The native API to read conversations and live chats, with what functions did in them. */
export function openConversationHistory(given: OpenHistoryDeps) {
  const deps: HistoryDeps = { ...given, chats: openChatHistory(given) }
  return { routes: (http: Http): void => historyRoutes(http, deps) }
}
