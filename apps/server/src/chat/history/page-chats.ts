import type { ChatEntry, Openness } from '@parley/contract'
import type { z } from 'zod'
import type { ChatState } from '#chat/live-chat'
import type { Reader } from '#messaging/reading'
import type { ChatHistoryDeps } from './deps.ts'
import { listLastLines, selectNewest } from './repository.ts'

/** Which chats are wanted. Instants are milliseconds since 1970, both inclusive. */
export interface ChatSearch {
  state?: z.infer<typeof Openness> | undefined
  skillIds?: readonly string[] | undefined
  /** Of an agent who served it. */
  agentIds?: readonly string[] | undefined
  /** The id of the visitor, or the name or the address that the consumer gave. */
  consumer?: string | undefined
  /** Words in one of its lines. */
  text?: string | undefined
  from: number
  to: number
  /** Only what comes behind this one. */
  after?: { startedAt: number; chatId: string } | undefined
  limit: number
}

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
