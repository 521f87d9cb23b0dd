import type { Chat, ChatStage } from '@parley/contract'
import { type RawBuilder, sql } from 'kysely'
import { ParleyError } from '#base/kernel'
import { readInstantCursor, writeCursor } from '#base/kit'
import type { Db } from '#base/store'
import type { ChatSight } from '#chat/mail'
import { isInSight, type Reader, whereInSight } from '#messaging/reading'
import type { ChatDeps } from './deps.ts'
import { findChat, listStoredChats, type StoredChat } from './repository.ts'
import { CHAT, type ChatState } from './state.ts'
import { agentView } from './views.ts'

/** Agents see chats as they see conversations: those of their skills, and those that they serve, have served, are offered or have joined. */
export function maySeeChat(
  reader: Reader,
  { skillId, agents, managers, offeredTo }: ChatState,
): boolean {
  const isWith = (userId: string) =>
    offeredTo?.agentId === userId ||
    [...agents, ...managers].some(({ agentId }) => agentId === userId)
  return isInSight(reader, { skillId, isWith })
}

/** `maySeeChat` in SQL, of a row of `document` under the name `chat`. */
export function whereMaySeeChat(reader: Reader): RawBuilder<boolean> {
  return whereInSight(reader, {
    skillId: sql`chat.state->>'skillId'`,
    isWith: (userId) => sql<boolean>`(chat.state->'offeredTo'->>'agentId' = ${userId} or exists (
      select from jsonb_array_elements(
        (chat.state->'agents') || coalesce(chat.state->'managers', '[]')) one
      where one->>'agentId' = ${userId}))`,
  })
}

/** @throws ParleyError `chat_not_found`, also for a chat that the reader must not see */
export async function getSeenChat(
  db: Db,
  accountId: string,
  reader: Reader,
  chatId: string,
): Promise<StoredChat> {
  const chat = await findChat(db, accountId, chatId)
  if (chat && maySeeChat(reader, chat.state)) return chat
  throw new ParleyError('chat_not_found', `No chat "${chatId}"`)
}

/** A chat that the reader may see, by its id. */
export async function findSeenChat(
  { store }: { store: { db: Db } },
  accountId: string,
  reader: Reader,
  chatId: string,
): Promise<ChatState | undefined> {
  const chat = await findChat(store.db, accountId, chatId)
  return chat && maySeeChat(reader, chat.state) ? chat.state : undefined
}

export interface ChatQuery {
  stage: ChatStage
  skillId?: string | undefined
  agentId?: string | undefined
  managerId?: string | undefined
  limit: number
  after?: string | undefined
}

/** One page of the chats that the reader may see. */
export async function listChats(
  { store, clock }: ChatDeps,
  accountId: string,
  reader: Reader,
  { after, ...filter }: ChatQuery,
): Promise<{ chats: Chat[]; next?: string }> {
  const place = after === undefined ? undefined : readInstantCursor(after)
  const states = await listStoredChats(store.db, accountId, whereMaySeeChat(reader), {
    ...filter,
    after: place,
  })
  const last = states.length === filter.limit ? states.at(-1) : undefined
  const chats = states.map((state) => agentView(state, clock.now()))
  return { chats, ...(last && { next: writeCursor(last.startedAt, last.chatId) }) }
}

/** The rule for what belongs to chats: their transcripts and mails. */
export function openChatSight({ store }: { store: { db: Db } }): ChatSight {
  return {
    async require(accountId, reader, chatId) {
      await getSeenChat(store.db, accountId, reader, chatId)
    },
    where(reader, chatId) {
      if (reader.readsAll) return sql<boolean>`true`
      return sql<boolean>`exists (
        select from document chat where chat.account_id = document.account_id
          and chat.kind = ${sql.lit(CHAT)} and chat.id = ${chatId} and ${whereMaySeeChat(reader)})`
    },
  }
}
