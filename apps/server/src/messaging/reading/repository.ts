import { type ConversationState, NO_SKILL, StoredMessage } from '@parley/contract'
import { type SelectQueryBuilder, sql } from 'kysely'
import { z } from 'zod'
import { AgentState, ConsumerState } from '#messaging/rules'
import type { Db, Tables } from '#base/store'
import type { Versioned } from './versioned.ts'

export async function findConversation(
  db: Db,
  accountId: string,
  conversationId: string,
): Promise<Versioned<ConversationState> | undefined> {
  const row = await db
    .selectFrom('conversation')
    .select(['version', 'state'])
    .where('accountId', '=', accountId)
    .where('conversationId', '=', conversationId)
    .executeTakeFirst()
  return row && { version: row.version, state: stateOf(row) }
}

/**
 * A conversation's state is the one stored document that is not parsed: only commits of nodes of this database write it.
 * Parsing it takes 15 µs, as long as reading its JSON, and a list of conversations holds up to 1000 of them.
 */
function stateOf({ state }: { state: object }): ConversationState {
  return state as ConversationState
}

const PARSERS = { agent: AgentState, consumer: ConsumerState }

export async function findDocument<Kind extends keyof typeof PARSERS>(
  db: Db,
  accountId: string,
  kind: Kind,
  id: string,
): Promise<Versioned<z.infer<(typeof PARSERS)[Kind]>> | undefined> {
  const row = await selectDocument(db, accountId, kind, id)
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
  const row = await selectDocument(db, accountId, 'dialog', dialogId)
  return row && DialogDocument.parse(row.state).conversationId
}

async function selectDocument(db: Db, accountId: string, kind: string, id: string) {
  return await db
    .selectFrom('document')
    .select(['version', 'state'])
    .where('accountId', '=', accountId)
    .where('kind', '=', kind)
    .where('id', '=', id)
    .executeTakeFirst()
}

export interface ConversationFilter {
  stages?: readonly string[] | undefined
  consumerId?: string | undefined
  conversationIds?: readonly string[] | undefined
  updatedSince?: number | undefined
  /** With one of these agents in it, by user id or pid. */
  agentIds?: readonly string[] | undefined
  /** What an agent sees: conversations of its skills, and those that it is in. */
  seenBy?: { userId: string; skillIds: readonly string[] } | undefined
  limit: number
}

export async function listConversations(
  db: Db,
  accountId: string,
  {
    stages,
    consumerId,
    conversationIds,
    updatedSince,
    agentIds,
    seenBy,
    limit,
  }: ConversationFilter,
): Promise<Versioned<ConversationState>[]> {
  let query = db
    .selectFrom('conversation')
    .select(['version', 'state'])
    .where('accountId', '=', accountId)
  if (stages) query = query.where('stage', 'in', [...stages])
  if (consumerId !== undefined) query = query.where('consumerId', '=', consumerId)
  if (conversationIds) query = query.where('conversationId', 'in', [...conversationIds])
  if (updatedSince !== undefined) query = query.where('updatedAtMs', '>=', updatedSince)
  if (agentIds) query = query.where(isWith(agentIds))
  if (seenBy) {
    query = query.where((where) =>
      where.or([where('skillId', 'in', [...seenBy.skillIds, NO_SKILL]), isWith([seenBy.userId])]),
    )
  }
  const rows = await query.orderBy('updatedAtMs', 'desc').limit(limit).execute()
  return rows.map((row) => ({ version: row.version, state: stateOf(row) }))
}

function isWith(agentIds: readonly string[]) {
  return sql<boolean>`exists (
    select from jsonb_array_elements(state->'dialogs') dialog,
      jsonb_array_elements(dialog->'participants') one
    where one->>'userId' = any(${agentIds}) or one->>'pid' = any(${agentIds}))`
}

export async function listMessages(
  db: Db,
  accountId: string,
  {
    conversationId,
    dialogId,
    from,
    to,
    limit,
  }: { conversationId: string; dialogId: string; from: number; to?: number; limit: number },
): Promise<StoredMessage[]> {
  let query = db
    .selectFrom('message')
    .select(['dialogId', 'sequence', 'at', 'body'])
    .where('accountId', '=', accountId)
    .where('conversationId', '=', conversationId)
    .where('dialogId', '=', dialogId)
    .where('sequence', '>=', from)
  if (to !== undefined) query = query.where('sequence', '<=', to)
  const rows = await query.orderBy('sequence').limit(limit).execute()
  return rows.map((row) => messageOf(conversationId, row))
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

function messageOf(
  conversationId: string,
  row: { dialogId: string; sequence: number; at: Date; body: object },
): StoredMessage {
  const { dialogId, sequence, at, body } = row
  return StoredMessage.parse({ ...body, conversationId, dialogId, sequence, at: at.getTime() })
}

export interface SearchFilter {
  conversationIds?: readonly string[]
  consumerId?: string
  start?: Range | undefined
  end?: Range | undefined
  status?: readonly string[] | undefined
  /** The present skill, or any that it ever had. */
  latestSkillIds?: readonly string[] | undefined
  skillIds?: readonly string[] | undefined
  latestAgentIds?: readonly string[] | undefined
  agentIds?: readonly string[] | undefined
  keyword?: string | undefined
  device?: readonly string[] | undefined
  /** In seconds. */
  duration?: OpenRange | undefined
  csat?: OpenRange | undefined
  latestConversationQueueState?: 'IN_QUEUE' | 'ACTIVE' | undefined
  offset: number
  limit: number
  /** `start:asc`, `end:desc` and the like. */
  sort: string
}

interface OpenRange {
  from?: number | undefined
  to?: number | undefined
}

interface Range {
  from: number
  to: number
}

type Query = SelectQueryBuilder<Tables, 'conversation', object>

/** One page of an account's conversations, and how many there are in all. */
export async function selectConversations(
  db: Db,
  accountId: string,
  filter: SearchFilter,
): Promise<{ total: number; found: ConversationState[] }> {
  const matching = narrow(
    db.selectFrom('conversation').where('accountId', '=', accountId) as Query,
    filter,
  )
  const [field, direction = 'asc'] = filter.sort.split(':')
  const order = field === 'end' ? sql`(state->>'endedAt')::bigint` : sql`started_at_ms`
  const [{ total }, rows] = await Promise.all([
    matching.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow(),
    matching
      .select('state')
      .orderBy(order, direction === 'desc' ? 'desc' : 'asc')
      .orderBy('conversationId')
      .offset(filter.offset)
      .limit(filter.limit)
      .execute(),
  ])
  return { total, found: rows.map(stateOf) }
}

function narrow(query: Query, filter: SearchFilter): Query {
  const { start, end, keyword, consumerId } = filter
  let narrowed = query
  if (filter.conversationIds) {
    narrowed = narrowed.where(sql<boolean>`conversation_id = any(${filter.conversationIds})`)
  }
  if (start) {
    narrowed = narrowed.where('startedAtMs', '>=', start.from).where('startedAtMs', '<=', start.to)
  }
  if (end) {
    narrowed = narrowed.where(
      sql<boolean>`(state->>'endedAt')::bigint between ${end.from} and ${end.to}`,
    )
  }
  if (consumerId !== undefined) {
    narrowed = narrowed.where(
      sql<boolean>`(consumer_id = ${consumerId} or state->'formerConsumerIds' ? ${consumerId})`,
    )
  }
  if (filter.status)
    narrowed = narrowed.where(sql<boolean>`state->>'state' = any(${filter.status})`)
  if (filter.latestSkillIds) {
    narrowed = narrowed.where(sql<boolean>`skill_id = any(${filter.latestSkillIds})`)
  }
  if (filter.skillIds) narrowed = narrowed.where(hadSkill(filter.skillIds))
  if (filter.latestAgentIds) narrowed = narrowed.where(hadAgent(filter.latestAgentIds, true))
  if (filter.agentIds) narrowed = narrowed.where(hadAgent(filter.agentIds, false))
  if (filter.latestConversationQueueState) {
    const inQueue = filter.latestConversationQueueState === 'IN_QUEUE'
    narrowed = narrowed.where('waitingSince', inQueue ? 'is not' : 'is', null)
  }
  if (filter.device) {
    narrowed = narrowed.where(
      sql<boolean>`state->'clientProperties'->>'deviceFamily' = any(${filter.device})`,
    )
  }
  if (filter.duration) {
    const { from = 0, to = Number.MAX_SAFE_INTEGER } = filter.duration
    narrowed = narrowed.where(
      sql<boolean>`((state->>'endedAt')::numeric - started_at_ms) / 1000 between ${from} and ${to}`,
    )
  }
  if (filter.csat) {
    const { from = 1, to = 5 } = filter.csat
    narrowed = narrowed.where(
      sql<boolean>`(state->'csat'->>'csatRate')::numeric between ${from} and ${to}`,
    )
  }
  if (keyword !== undefined) {
    const pattern = `%${keyword.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`
    narrowed = narrowed.where(
      sql<boolean>`exists (
        select from message m
        where m.account_id = conversation.account_id
          and m.conversation_id = conversation.conversation_id
          and m.body->'event'->>'message' ilike ${pattern})`,
    )
  }
  return narrowed
}

function hadSkill(skillIds: readonly string[]) {
  return sql<boolean>`(skill_id = any(${skillIds}) or exists (
    select from jsonb_array_elements(state->'moves') move where move->>'from' = any(${skillIds})))`
}

function hadAgent(agentIds: readonly string[], isLatest: boolean) {
  return isLatest
    ? sql<boolean>`(
        select move->>'userId' from jsonb_array_elements(state->'moves') with ordinality as m(move, n)
        where move->>'kind' = 'joined' and move->>'role' = 'ASSIGNED_AGENT'
        order by n desc limit 1) = any(${agentIds})`
    : sql<boolean>`exists (
        select from jsonb_array_elements(state->'moves') move
        where move->>'userId' = any(${agentIds}) or move->>'pid' = any(${agentIds}))`
}

/** The instants since which conversations of a skill wait. */
export async function listWaitingSince(
  db: Db,
  accountId: string,
  skillId: string,
): Promise<number[]> {
  const rows = await db
    .selectFrom('conversation')
    .select('waitingSince')
    .where('accountId', '=', accountId)
    .where('skillId', '=', skillId)
    .where('waitingSince', 'is not', null)
    .limit(10_000)
    .execute()
  return rows.map((row) => row.waitingSince).filter((at) => at !== null)
}
