import { type RawBuilder, sql } from 'kysely'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import type { ChatSight } from '#chat/mail'
import { isInSight, type Reader, whereInSight } from '#messaging/reading'
import { findChat, type StoredChat } from './repository.ts'
import { CHAT, type ChatState } from './state.ts'

/** Agents see chats as they see conversations: those of their skills, and those that they serve, have served or are offered. */
export function maySeeChat(reader: Reader, { skillId, agents, offeredTo }: ChatState): boolean {
  const isWith = (userId: string) =>
    offeredTo?.agentId === userId || agents.some(({ agentId }) => agentId === userId)
  return isInSight(reader, { skillId, isWith })
}

/** `maySeeChat` in SQL, of a row of `document` under the name `chat`. */
export function whereMaySeeChat(reader: Reader): RawBuilder<boolean> {
  return whereInSight(reader, {
    skillId: sql`chat.state->>'skillId'`,
    isWith: (userId) => sql<boolean>`(chat.state->'offeredTo'->>'agentId' = ${userId} or exists (
      select from jsonb_array_elements(chat.state->'agents') one where one->>'agentId' = ${userId}))`,
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
