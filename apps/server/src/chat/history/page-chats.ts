import type { ChatEntry } from '@parley/contract'
import type { ChatState } from '#chat/live-chat'
import type { Reader } from '#messaging/reading'
import type { ChatSearch } from './chat-search.ts'
import type { ChatHistoryDeps } from './deps.ts'
import { listLastLines, selectNewest } from './repository.ts'

export interface ChatPage {
  chats: { state: ChatState; lastLine?: Extract<ChatEntry, { type: 'line' }> | undefined }[]
  hasMore: boolean
}

/** The newest chats that fit and that the reader may see. */
export async function pageChats(
  { store: { db } }: ChatHistoryDeps,
  accountId: string,
  reader: Reader,
  search: ChatSearch,
): Promise<ChatPage> {
  const { limit } = search
  const found = await selectNewest(db, accountId, reader, { ...search, limit: limit + 1 })
  const page = found.slice(0, limit)
  const lines = await listLastLines(
    db,
    accountId,
    page.map(({ chatId }) => chatId),
  )
  return {
    chats: page.map((state) => ({ state, lastLine: lines.get(state.chatId) })),
    hasMore: found.length > limit,
  }
}
