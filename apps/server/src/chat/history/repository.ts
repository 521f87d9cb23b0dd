import type { ChatEntry } from '@parley/contract'
import { sql } from 'kysely'
import { likesContaining } from '#base/kit'
import type { Db } from '#base/store'
import { asEntry, CHAT, ChatState, whereMaySeeChat } from '#chat/live-chat'
import type { Reader } from '#messaging/reading'
import type { ChatSearch } from './chat-search.ts'

/** The newest chats that fit and that the reader may see, by the index of documents that are listed. */
export async function selectNewest(
  db: Db,
  accountId: string,
  reader: Reader,
  {
    state,
    skillIds,
    agentIds,
    consumer,
    consumerLike,
    visitorId,
    texts,
    from,
    to,
    after,
    limit,
  }: ChatSearch,
): Promise<ChatState[]> {
  let query = db
    .selectFrom('document as chat')
    .select('state')
    .where('accountId', '=', accountId)
    .where('kind', '=', CHAT)
    .where('listAt', '>=', from)
    .where('listAt', '<=', to)
    .where(whereMaySeeChat(reader))
  if (state === 'OPEN') query = query.where('listState', 'in', ['waiting', 'active'])
  if (state === 'CLOSE') query = query.where('listState', '=', 'ended')
  if (skillIds) query = query.where(sql<boolean>`chat.state->>'skillId' = any(${skillIds})`)
  if (agentIds) {
    query = query.where(sql<boolean>`exists (
      select from jsonb_array_elements(chat.state->'agents') one
      where one->>'agentId' = any(${agentIds}))`)
  }
  if (consumer !== undefined) query = query.where(isOf(consumer))
  if (consumerLike !== undefined) query = query.where(isLike(consumerLike))
  if (visitorId !== undefined) query = query.where('listOf', '=', visitorId)
  if (texts) {
    // `offset 0` has each chat's own lines read: joined, all messages of the account could be.
    const said = texts.map((text) => sql`m.body->>'text' ilike any(${likesContaining(text)})`)
    query = query.where(sql<boolean>`exists (
      select from message m
      where m.account_id = chat.account_id and m.conversation_id = chat.id
        and m.dialog_id = chat.id and ${sql.join(said, sql` and `)}
      offset 0)`)
  }
  if (after) {
    const { startedAt, chatId } = after
    query = query.where(sql<boolean>`(list_at, id) < (${startedAt}::bigint, ${chatId})`)
  }
  const rows = await query.orderBy('listAt', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return rows.map((row) => ChatState.parse(row.state))
}

function isOf(consumer: string) {
  return sql<boolean>`(chat.state->'context'->>'visitorId' = ${consumer}
    or lower(chat.state->'consumer'->>'name') = lower(${consumer})
    or lower(chat.state->'consumer'->>'email') = lower(${consumer}))`
}

function isLike(consumer: string) {
  const patterns = likesContaining(consumer)
  return sql<boolean>`(chat.state->'context'->>'visitorId' = ${consumer}
    or chat.state->'consumer'->>'name' ilike any(${patterns})
    or chat.state->'consumer'->>'email' ilike any(${patterns}))`
}

/** The last line of each of these chats. */
export async function listLastLines(
  db: Db,
  accountId: string,
  chatIds: readonly string[],
): Promise<Map<string, Extract<ChatEntry, { type: 'line' }>>> {
  if (chatIds.length === 0) return new Map()
  const { rows } = await sql<{ chatId: string; sequence: number; at: Date; body: object }>`
    select chat.id as "chatId", line.sequence, line.at, line.body
    from unnest(${chatIds}::text[]) as chat(id), lateral (
      select sequence, at, body from message
      where account_id = ${accountId} and conversation_id = chat.id and dialog_id = chat.id
        and body->>'type' = 'line'
      order by sequence desc limit 1) as line`.execute(db)
  const lines = rows.flatMap(({ chatId, ...row }) => {
    const entry = asEntry(row)
    return entry.type === 'line' ? [[chatId, entry] as const] : []
  })
  return new Map(lines)
}

/** Instants are milliseconds since 1970: `from` inclusive, `to` exclusive; only what comes behind `after`. */
export interface EntryRange {
  from?: number | undefined
  to?: number | undefined
  after?: { at: number; sequence: number } | undefined
  limit: number
}

/** What happened in a chat, in order of time. */
export async function listEntriesByTime(
  db: Db,
  accountId: string,
  chatId: string,
  { from, to, after, limit }: EntryRange,
): Promise<ChatEntry[]> {
  let query = db
    .selectFrom('message')
    .select(['sequence', 'at', 'body'])
    .where('accountId', '=', accountId)
    .where('conversationId', '=', chatId)
    .where('dialogId', '=', chatId)
  if (from !== undefined) query = query.where('at', '>=', new Date(from))
  if (to !== undefined) query = query.where('at', '<', new Date(to))
  if (after) {
    const { at, sequence } = after
    query = query.where(sql<boolean>`(at, sequence) > (${new Date(at)}, ${sequence}::int)`)
  }
  const rows = await query.orderBy('at').orderBy('sequence').limit(limit).execute()
  return rows.map(asEntry)
}
