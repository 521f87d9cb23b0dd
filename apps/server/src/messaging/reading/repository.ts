import { type ConversationState, StoredMessage } from '@parley/contract'
import { sql } from 'kysely'
import * as z from 'zod'
import { AgentState, ConsumerState, type Takeable } from '#messaging/rules'
import { findDocument as findStored } from '#base/kit'
import type { Db } from '#base/store'
import { type Reader, whereMaySee } from './may-see.ts'
import { isOf, type SoughtConsumer } from './of-consumer.ts'
import { LISTED_COLUMNS, STATE_COLUMNS, stateOf } from './stored-state.ts'
import type { Versioned } from './versioned.ts'

export async function findConversation(
  db: Db,
  accountId: string,
  conversationId: string,
): Promise<Versioned<ConversationState> | undefined> {
  const row = await db
    .selectFrom('conversation')
    .select(['version', ...STATE_COLUMNS])
    .where('accountId', '=', accountId)
    .where('conversationId', '=', conversationId)
    .executeTakeFirst()
  return row && { version: row.version, state: stateOf(row) }
}

const PARSERS = { agent: AgentState, consumer: ConsumerState }

export async function findDocument<Kind extends keyof typeof PARSERS>(
  db: Db,
  accountId: string,
  kind: Kind,
  id: string,
): Promise<Versioned<z.infer<(typeof PARSERS)[Kind]>> | undefined> {
  const row = await findStored(db, accountId, kind, id)
  if (!row) return undefined
  const state = PARSERS[kind].parse(row.state) as z.infer<(typeof PARSERS)[Kind]>
  return { version: row.version, state }
}

const DialogDocument = z.object({ conversationId: z.string() })

/** Of a dialog that has an id of its own. */
export async function findConversationOfDialog(
  db: Db,
  accountId: string,
  dialogId: string,
): Promise<string | undefined> {
  const row = await findStored(db, accountId, 'dialog', dialogId)
  return row && DialogDocument.parse(row.state).conversationId
}

export interface ConversationFilter {
  stages?: readonly string[] | undefined
  consumerId?: string | undefined
  conversationIds?: readonly string[] | undefined
  updatedSince?: number | undefined
  /** With one of these agents in it, by user id or pid. */
  agentIds?: readonly string[] | undefined
  /** No consumer: these have lists of their own. */
  reader?: Reader | undefined
  limit: number
}

/** The newest first. Without a stage, a consumer or ids: the open ones, and as many of those that closed last. */
export async function listConversations(
  db: Db,
  accountId: string,
  {
    stages,
    consumerId,
    conversationIds,
    updatedSince,
    agentIds,
    reader,
    limit,
  }: ConversationFilter,
): Promise<Versioned<ConversationState>[]> {
  const isOfSome = stages || consumerId !== undefined || conversationIds
  let query = db
    .selectFrom(isOfSome ? 'conversation' : recent(accountId, { updatedSince, limit }))
    .select(['version', ...LISTED_COLUMNS])
    .where('accountId', '=', accountId)
  if (stages) query = query.where('stage', 'in', [...stages])
  if (consumerId !== undefined) query = query.where('consumerId', '=', consumerId)
  if (conversationIds) query = query.where('conversationId', 'in', [...conversationIds])
  if (updatedSince !== undefined) query = query.where('updatedAtMs', '>=', updatedSince)
  if (agentIds) query = query.where(isWith(agentIds))
  if (reader) query = query.where(whereMaySee(reader))
  const rows = await query.orderBy('updatedAtMs', 'desc').limit(limit).execute()
  return rows.map((row) => ({ version: row.version, state: stateOf(row) }))
}

/** A survey ends within 47 hours of its conversation; then nothing changes any more. */
const CHANGES_AFTER_CLOSING_MS = 3 * 86_400_000

/** Found by indexes: `updated_at_ms` has none, since every message changes it. */
function recent(
  accountId: string,
  { updatedSince = 0, limit }: Pick<ConversationFilter, 'updatedSince' | 'limit'>,
) {
  const rows = sql`(
    select * from conversation where account_id = ${accountId} and stage = 'OPEN'
    union all (
      select * from conversation where account_id = ${accountId} and stage = 'CLOSE'
        and closed_at_ms >= ${updatedSince - CHANGES_AFTER_CLOSING_MS}
      order by closed_at_ms desc limit ${limit}))`.as('conversation')
  // It has all columns of the table.
  return rows as unknown as 'conversation'
}

/** Whether the reader may see a conversation of the consumer: of its present id, or one that it has `left` by stepping up. */
export async function hasSeenConversation(
  db: Db,
  accountId: string,
  reader: Reader,
  consumer: SoughtConsumer,
): Promise<boolean> {
  const row = await db
    .selectFrom('conversation')
    .select('conversationId')
    .where('accountId', '=', accountId)
    .where(isOf(consumer))
    .where(whereMaySee(reader))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

function isWith(agentIds: readonly string[]) {
  return sql<boolean>`exists (
    select from jsonb_array_elements(state->'dialogs') dialog,
      jsonb_array_elements(dialog->'participants') one
    where one->>'userId' = any(${agentIds}) or one->>'pid' = any(${agentIds}))`
}

/** So many messages are read at once. */
export const MAX_MESSAGES = 10_000

export async function listMessages(
  db: Db,
  accountId: string,
  {
    conversationId,
    dialogId,
    from,
    to,
    limit,
    isPublicOnly = false,
  }: {
    conversationId: string
    dialogId: string
    from: number
    to?: number
    limit: number
    /** Without those between agents. */
    isPublicOnly?: boolean
  },
): Promise<StoredMessage[]> {
  let query = db
    .selectFrom('message')
    .select(['dialogId', 'sequence', 'at', 'body'])
    .where('accountId', '=', accountId)
    .where('conversationId', '=', conversationId)
    .where('dialogId', '=', dialogId)
    .where('sequence', '>=', from)
  if (to !== undefined) query = query.where('sequence', '<=', to)
  if (isPublicOnly) query = query.where(sql<boolean>`body->>'audience' = 'ALL'`)
  const rows = await query.orderBy('sequence').limit(limit).execute()
  return rows.map((row) => messageOf(conversationId, row))
}

/** A place in the messages of a conversation, in order of time. Those of one instant have the order of their sequences. */
export interface MessagePlace {
  at: number
  dialogId: string
  sequence: number
}

/** Messages of all dialogs, oldest first. */
export async function listMessagesByTime(
  db: Db,
  accountId: string,
  conversationId: string,
  { from, to, after, limit }: TimeRange<MessagePlace>,
): Promise<StoredMessage[]> {
  let query = db
    .selectFrom('message')
    .select(['dialogId', 'sequence', 'at', 'body'])
    .where('accountId', '=', accountId)
    .where('conversationId', '=', conversationId)
  if (from !== undefined) query = query.where('at', '>=', new Date(from))
  if (to !== undefined) query = query.where('at', '<', new Date(to))
  if (after) {
    const { at, dialogId, sequence } = after
    query = query.where(
      sql<boolean>`(at, dialog_id, sequence) > (${new Date(at)}, ${dialogId}, ${sequence}::int)`,
    )
  }
  const rows = await query
    .orderBy('at')
    .orderBy('dialogId')
    .orderBy('sequence')
    .limit(limit)
    .execute()
  return rows.map((row) => messageOf(conversationId, row))
}

/** Instants are milliseconds since 1970: `from` inclusive, `to` exclusive. */
export interface TimeRange<Place> {
  from?: number | undefined
  to?: number | undefined
  /** Only what comes behind this one. */
  after?: Place | undefined
  limit: number
}

export async function findMessageByKey(
  db: Db,
  accountId: string,
  requestKey: string,
): Promise<StoredMessage | undefined> {
  const row = await db
    .selectFrom('message')
    .select(['conversationId', 'dialogId', 'sequence', 'at', 'body'])
    .where('accountId', '=', accountId)
    .where('requestKey', '=', requestKey)
    .executeTakeFirst()
  return row && messageOf(row.conversationId, row)
}

export function messageOf(
  conversationId: string,
  row: { dialogId: string; sequence: number; at: Date; body: object },
): StoredMessage {
  const { dialogId, sequence, at, body } = row
  return StoredMessage.parse({ ...body, conversationId, dialogId, sequence, at: at.getTime() })
}

/** How many conversations wait, and for how many milliseconds so far: -1 where none does. */
export interface Waits {
  count: number
  /** Of consumers who have not had a conversation before. */
  firstTime: number
  /** Whose next word is the agents'; of these, those that come from an agent or another skill. */
  actionable: number
  actionableMoved: number
  /** That come from an agent or another skill. */
  moved: number
  /** That should have been answered by now. */
  overdue: number
  average: number
  /** Of those that no agent has had, and of those that come from an agent or another skill. */
  averageNew: number
  averageMoved: number
  longestMoved: number
  median: number
  ninth: number
  longest: number
}

/** Of each of these skills that any conversation waits for, and in all. */
export async function countWaits(
  db: Db,
  accountId: string,
  skillIds: readonly string[],
  now: number,
): Promise<{ bySkill: Map<string, Waits>; all: Waits }> {
  const { rows } = await sql<Waits & { skillId: string | null }>`
    select skill_id,
      count(*)::int as count,
      (count(*) filter (where first_time))::int as first_time,
      (count(*) filter (where due_at <> -1))::int as actionable,
      (count(*) filter (where due_at <> -1 and moved))::int as actionable_moved,
      (count(*) filter (where moved))::int as moved,
      (count(*) filter (where due_at between 0 and ${now}::bigint))::int as overdue,
      coalesce(avg(wait), -1)::float8 as average,
      coalesce(avg(wait) filter (where not moved), -1)::float8 as average_new,
      coalesce(avg(wait) filter (where moved), -1)::float8 as average_moved,
      coalesce(max(wait) filter (where moved), -1)::float8 as longest_moved,
      coalesce(${waitAt(0.5)}, -1)::float8 as median,
      coalesce(${waitAt(0.9)}, -1)::float8 as ninth,
      coalesce(max(wait), -1)::float8 as longest
    from (
      select skill_id, ${now}::bigint - waiting_since as wait,
        (state->>'effectiveTtr')::float8 as due_at,
        state->'firstConversation' = 'true' as first_time,
        state->'transferred' = 'true' or state ? 'backToQueueAt' as moved
      from conversation
      where account_id = ${accountId} and skill_id = any(${[...skillIds]}::text[])
        and waiting_since is not null) waits
    group by grouping sets ((skill_id), ())`.execute(db)
  const [all = NO_WAITS] = rows.filter(({ skillId }) => skillId === null)
  const bySkill = rows.flatMap(({ skillId, ...waits }) =>
    skillId === null ? [] : [[skillId, waits] as const],
  )
  return { bySkill: new Map(bySkill), all }
}

export const NO_WAITS: Waits = {
  count: 0,
  firstTime: 0,
  actionable: 0,
  actionableMoved: 0,
  moved: 0,
  overdue: 0,
  average: -1,
  averageNew: -1,
  averageMoved: -1,
  longestMoved: -1,
  median: -1,
  ninth: -1,
  longest: -1,
}

/** The wait that this share of all waits is below. */
function waitAt(share: number) {
  return sql`(array_agg(wait order by wait))[least(count(*), floor(count(*) * ${share}::float8) + 1)::int]`
}

/** Waiting conversations that may be taken and ring nobody, in the order of the queue, as `queueOrder` has it. */
export async function listWaiting(
  db: Db,
  accountId: string,
  { skillIds, transferredSkillIds, suggestedTo }: Takeable,
  limit: number,
): Promise<ConversationState[]> {
  const mayBeTaken = sql<boolean>`case
    when suggested_agent_id is not null then suggested_agent_id = any(${suggestedTo})
    else skill_id = any(${skillIds})
      or (skill_id = any(${transferredSkillIds}) and state->'transferred' = 'true') end`
  const rows = await db
    .selectFrom('conversation')
    .select(LISTED_COLUMNS)
    .where('accountId', '=', accountId)
    .where('waitingSince', 'is not', null)
    // `case` has the states read of those only that may be taken: a queue may have many thousand others.
    .where(
      sql<boolean>`case when ${mayBeTaken} then not state->'rings' @> '[{"state": "WAITING"}]' else false end`,
    )
    .orderBy('queueRank')
    .orderBy('waitingSince')
    .limit(limit)
    .execute()
  return rows.map(stateOf)
}
