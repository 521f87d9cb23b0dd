import { ChatEntry, type ChatStage, NO_SKILL } from '@parley/contract'
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { deleteWork, findDocument } from '#base/kit'
import type { Db, Tables } from '#base/store'
import type { Takers } from './deps.ts'
import { CHAT, ChatState } from './state.ts'

/** How many entries of a chat one query reads. */
const ENTRIES_PER_READ = 500
/** How many waiting chats are offered at once: more than a bot takes. */
const MAX_OFFERED = 1000
/** More are not open at once, most likely. */
const MAX_OPEN_IDS = 10_000

export interface StoredChat {
  state: ChatState
  version: number
}

export async function findChat(
  db: Db,
  accountId: string,
  chatId: string,
): Promise<StoredChat | undefined> {
  const row = await findDocument(db, accountId, CHAT, chatId)
  return row && { state: ChatState.parse(row.state), version: row.version }
}

export async function listEntries(
  db: Db,
  accountId: string,
  chatId: string,
  from: number,
): Promise<{ entries: ChatEntry[]; nextFrom?: number }> {
  const rows = await db
    .selectFrom('message')
    .select(['sequence', 'at', 'body'])
    .where('accountId', '=', accountId)
    .where('conversationId', '=', chatId)
    .where('dialogId', '=', chatId)
    .where('sequence', '>=', from)
    .orderBy('sequence')
    .limit(ENTRIES_PER_READ)
    .execute()
  const entries = rows.map(asEntry)
  const last = rows.length === ENTRIES_PER_READ ? rows.at(-1) : undefined
  return { entries, ...(last && { nextFrom: last.sequence + 1 }) }
}

export async function listAllEntries(
  db: Db,
  accountId: string,
  chatId: string,
  first = 0,
): Promise<ChatEntry[]> {
  const entries: ChatEntry[] = []
  let from: number | undefined = first
  while (from !== undefined) {
    const page = await listEntries(db, accountId, chatId, from)
    entries.push(...page.entries)
    from = page.nextFrom
  }
  return entries
}

export async function findChats(
  db: Db,
  accountId: string,
  chatIds: readonly string[],
): Promise<ChatState[]> {
  const rows = await db
    .selectFrom('document')
    .select('state')
    .where('accountId', '=', accountId)
    .where('kind', '=', CHAT)
    .where('id', '=', anyOf(chatIds))
    .execute()
  return rows.map(({ state }) => ChatState.parse(state))
}

/** All entries of several chats, by the ids of these. */
export async function listEntriesOf(
  db: Db,
  accountId: string,
  chatIds: readonly string[],
): Promise<Map<string, ChatEntry[]>> {
  if (chatIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('message')
    .select(['conversationId', 'sequence', 'at', 'body'])
    .where('accountId', '=', accountId)
    .where('conversationId', '=', anyOf(chatIds))
    .where('dialogId', '=', anyOf(chatIds))
    .orderBy('sequence')
    .execute()
  const byChat = Map.groupBy(rows, ({ conversationId }) => conversationId)
  return new Map([...byChat].map(([chatId, own]) => [chatId, own.map(asEntry)]))
}

function anyOf(values: readonly string[]) {
  return sql<string>`any(${values})`
}

export async function findEntryByKey(
  db: Db,
  accountId: string,
  requestKey: string,
): Promise<ChatEntry | undefined> {
  const row = await db
    .selectFrom('message')
    .select(['sequence', 'at', 'body'])
    .where('accountId', '=', accountId)
    .where('requestKey', '=', requestKey)
    .executeTakeFirst()
  return row && asEntry(row)
}

/** A row of `message` as the chat's own entry. */
export function asEntry({
  sequence,
  at,
  body,
}: {
  sequence: number
  at: Date
  body: object
}): ChatEntry {
  return ChatEntry.parse({ ...body, sequence, at: at.toISOString() })
}

export interface ChatFilter {
  stage: ChatStage
  skillId?: string | undefined
  agentId?: string | undefined
  managerId?: string | undefined
  limit: number
  /** The sort key and the id of the last chat of the page before. */
  after?: { at: number; id: string } | undefined
}

/** The oldest chats first; ended chats the newest first. `isSeen` is about a row with the name `chat`. */
export async function listStoredChats(
  db: Db,
  accountId: string,
  isSeen: RawBuilder<boolean>,
  { stage, skillId, agentId, managerId, limit, after }: ChatFilter,
): Promise<ChatState[]> {
  const newestFirst = stage === 'ended'
  let query = chatsOf(db, accountId, stage).select('state').where(isSeen)
  if (skillId !== undefined) query = query.where(sql`state->>'skillId'`, '=', skillId)
  if (agentId !== undefined) query = query.where(sql`state->'agent'->>'agentId'`, '=', agentId)
  if (managerId !== undefined) query = query.where(isJoinedBy(managerId))
  if (after) {
    const sign = sql.raw(newestFirst ? '<' : '>')
    query = query.where(sql<boolean>`(list_at, id) ${sign} (${after.at}::bigint, ${after.id})`)
  }
  const order = newestFirst ? 'desc' : 'asc'
  const rows = await query.orderBy('listAt', order).orderBy('id', order).limit(limit).execute()
  return rows.map(({ state }) => ChatState.parse(state))
}

/** Chats that wait or are served, as many as `limit`. */
export async function listOpenChats(
  db: Db,
  accountId: string,
  limit: number,
): Promise<ChatState[]> {
  const rows = await openChats(db, accountId).select('state').limit(limit).execute()
  return rows.map(({ state }) => ChatState.parse(state))
}

/** All chats that wait or are served, with who serves each, or alone may accept it. */
export function listOpen(
  db: Db,
  accountId: string,
): Promise<{ chatId: string; agentId: string | null; skillId: string }[]> {
  const agentId = sql<
    string | null
  >`coalesce(state->'agent'->>'agentId', state->'offeredTo'->>'agentId')`
  return openChats(db, accountId)
    .select(['id as chatId', agentId.as('agentId'), sql<string>`state->>'skillId'`.as('skillId')])
    .execute()
}

export async function countWaiting(db: Db, accountId: string): Promise<number> {
  const row = await chatsOf(db, accountId, 'waiting')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}

/** How many chats an agent serves now. */
export async function countServed(db: Db, accountId: string, agentId: string): Promise<number> {
  const row = await servedBy(db, accountId, agentId)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}

/** The same of all agents who serve any. */
export async function countServedByAll(db: Db, accountId: string): Promise<Map<string, number>> {
  const agentId = sql<string>`state->'agent'->>'agentId'`
  const rows = await chatsOf(db, accountId, 'active')
    .select(({ fn }) => [agentId.as('agentId'), fn.countAll<number>().as('count')])
    .groupBy(agentId)
    .execute()
  return new Map(rows.map((row) => [row.agentId, row.count]))
}

export async function listServed(db: Db, accountId: string, agentId: string): Promise<string[]> {
  return (await servedBy(db, accountId, agentId).select('id').execute()).map(({ id }) => id)
}

/** Chats that wait or are served and of which this is true: it is about a row with the name `chat`. At most `MAX_OPEN_IDS`. */
export function listOpenIds(db: Db, accountId: string, isWanted: RawBuilder<boolean>) {
  return openChats(db, accountId).select('id').where(isWanted).limit(MAX_OPEN_IDS).execute()
}

/** Whether a user has joined a chat as a manager. */
export function isJoinedBy(userId: string): RawBuilder<boolean> {
  return sql`chat.state->'managers' @> ${JSON.stringify([{ agentId: userId }])}::jsonb`
}

/** One page, by their ids, of the chats that an agent serves now. `isSeen` is about a row with the name `chat`. */
export async function listServedPage(
  db: Db,
  accountId: string,
  agentId: string,
  isSeen: RawBuilder<boolean>,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<ChatState[]> {
  const id = sql<string>`id collate "C"`
  let query = servedBy(db, accountId, agentId).select('state').where(isSeen)
  if (after !== undefined) query = query.where(id, '>', after)
  const rows = await query.orderBy(id).limit(limit).execute()
  return rows.map(({ state }) => ChatState.parse(state))
}

function servedBy(db: Db, accountId: string, agentId: string) {
  return chatsOf(db, accountId, 'active').where(sql`state->'agent'->>'agentId'`, '=', agentId)
}

/** Waiting chats that one of them may accept, the oldest first. */
export async function listWaitingFor(
  db: Db,
  accountId: string,
  { agentIds, skillIds }: Takers,
): Promise<string[]> {
  const offeredTo = sql<string | null>`state->'offeredTo'->>'agentId'`
  const ofSkill = sql<boolean>`${offeredTo} is null and state->>'skillId' = ${anyOf([...skillIds, NO_SKILL])}`
  const rows = await chatsOf(db, accountId, 'waiting')
    .select('id')
    .where(sql<boolean>`(${offeredTo} = ${anyOf(agentIds)} or (${ofSkill}))`)
    .orderBy('listAt')
    .limit(MAX_OFFERED)
    .execute()
  return rows.map(({ id }) => id)
}

export async function listEndedBefore(
  db: Db,
  accountId: string,
  before: number,
  limit: number,
): Promise<string[]> {
  const rows = await chatsOf(db, accountId, 'ended')
    .select('id')
    .where('listAt', '<', before)
    .where(sql<number>`(state->>'endedAt')::bigint`, '<', before)
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** Whether its visitor has another chat. */
export async function hasOtherChat(
  db: Db,
  accountId: string,
  { chatId, context }: ChatState,
): Promise<boolean> {
  const other = await db
    .selectFrom('document')
    .select('id')
    .where('accountId', '=', accountId)
    .where('kind', '=', sql.lit(CHAT))
    .where('listOf', '=', context?.visitorId ?? '')
    .where('id', '<>', chatId)
    .limit(1)
    .executeTakeFirst()
  return other !== undefined
}

export async function deleteChats(
  tx: Db,
  accountId: string,
  chatIds: readonly string[],
): Promise<void> {
  await tx
    .deleteFrom('message')
    .where('accountId', '=', accountId)
    .where('conversationId', 'in', chatIds)
    .execute()
  await tx
    .deleteFrom('document')
    .where('accountId', '=', accountId)
    .where('kind', '=', sql.lit(CHAT))
    .where('id', 'in', chatIds)
    .execute()
  await deleteWork(tx, accountId, chatIds, chatIds)
}

function openChats(db: Db, accountId: string) {
  return db
    .selectFrom('document as chat')
    .where('accountId', '=', accountId)
    .where('kind', '=', CHAT)
    .where('listState', 'in', ['waiting', 'active'])
}

function chatsOf(
  db: Db,
  accountId: string,
  stage: ChatStage,
): SelectQueryBuilder<{ chat: Tables['document'] }, 'chat', object> {
  return db
    .selectFrom('document as chat')
    .where('accountId', '=', accountId)
    .where('kind', '=', CHAT)
    .where('listState', '=', stage)
}
