import type { ConversationState } from '@parley/contract'
import { type SelectQueryBuilder, sql } from 'kysely'
import { likesContaining } from '#base/kit'
import type { Db, Tables } from '#base/store'
import { type Reader, whereMaySee } from './may-see.ts'
import { isNamed, isOf, type SoughtConsumer } from './of-consumer.ts'
import { LISTED_COLUMNS, stateOf } from './stored-state.ts'

/** Which conversations are wanted. */
export interface ConversationSearch {
  conversationIds?: readonly string[]
  consumerId?: string | undefined
  /** The id of the consumer, or a part of its name. */
  consumerLike?: string | undefined
  start?: Range | undefined
  end?: Range | undefined
  /** Changed since then. */
  changedSince?: number | undefined
  /** Whether only those whose consumer has stepped up are wanted. */
  steppedUp?: boolean | undefined
  status?: readonly string[] | undefined
  /** The present skill, or any that it ever had. */
  latestSkillIds?: readonly string[] | undefined
  skillIds?: readonly string[] | undefined
  latestAgentIds?: readonly string[] | undefined
  agentIds?: readonly string[] | undefined
  /** Texts that stand in one and the same of its messages. */
  texts?: readonly string[] | undefined
  device?: readonly string[] | undefined
  /** In seconds. */
  duration?: OpenRange | undefined
  csat?: OpenRange | undefined
  latestConversationQueueState?: 'IN_QUEUE' | 'ACTIVE' | undefined
}

export interface SearchFilter extends ConversationSearch {
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

/** With what is known of the consumer by its id. */
type Known<Search> = Omit<Search, 'consumerId' | 'consumerLike'> & {
  consumer?: SoughtConsumer | undefined
  named?: SoughtConsumer | undefined
}

type Query = SelectQueryBuilder<Tables, 'conversation', object>

/** One page of the conversations that fit and that the reader may see, and how many there are in all. */
export async function selectConversations(
  db: Db,
  accountId: string,
  reader: Reader,
  filter: Known<SearchFilter>,
): Promise<{ total: number; found: ConversationState[] }> {
  const matching = narrow(seenBy(db, accountId, reader), filter)
  const [field, direction = 'asc'] = filter.sort.split(':')
  const order = field === 'end' ? sql`(state->>'endedAt')::bigint` : sql`started_at_ms`
  const [{ total }, rows] = await Promise.all([
    matching.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow(),
    matching
      .select(LISTED_COLUMNS)
      .orderBy(order, direction === 'desc' ? 'desc' : 'asc')
      .orderBy('conversationId')
      .offset(filter.offset)
      .limit(filter.limit)
      .execute(),
  ])
  return { total, found: rows.map(stateOf) }
}

/** A place in the list of conversations, newest first. */
export interface ConversationPlace {
  startedAt: number
  conversationId: string
}

/** The newest conversations that fit and that the reader may see, behind the place. */
export async function selectNewest(
  db: Db,
  accountId: string,
  reader: Reader,
  filter: Known<ConversationSearch> & {
    after?: ConversationPlace | undefined
    limit: number
  },
): Promise<ConversationState[]> {
  const { after, limit } = filter
  let query = narrow(seenBy(db, accountId, reader), filter)
  if (after) {
    const { startedAt, conversationId } = after
    query = query.where(
      sql<boolean>`(started_at_ms, conversation_id) < (${startedAt}::bigint, ${conversationId})`,
    )
  }
  const rows = await query
    .select(LISTED_COLUMNS)
    .orderBy('startedAtMs', 'desc')
    .orderBy('conversationId', 'desc')
    .limit(limit)
    .execute()
  return rows.map(stateOf)
}

function seenBy(db: Db, accountId: string, reader: Reader): Query {
  const query = db.selectFrom('conversation').where('accountId', '=', accountId)
  return query.where(whereMaySee(reader)) as Query
}

function narrow(query: Query, filter: Known<ConversationSearch>): Query {
  const { start, end, texts, consumer, named } = filter
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
  if (filter.changedSince !== undefined) {
    narrowed = narrowed.where('updatedAtMs', '>=', filter.changedSince)
  }
  if (filter.steppedUp) {
    narrowed = narrowed.where(sql<boolean>`state->'formerConsumerIds' <> '[]'`)
  }
  if (consumer) narrowed = narrowed.where(isOf(consumer))
  if (named) {
    narrowed = narrowed.where(sql<boolean>`(${isOf(named)} or ${isNamed(named.consumerId)})`)
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
  if (texts) {
    // `offset 0` has each conversation's own messages read: joined, all messages of the account could be.
    const said = texts.map(
      (text) => sql`m.body->'event'->>'message' ilike any(${likesContaining(text)})`,
    )
    narrowed = narrowed.where(
      sql<boolean>`exists (
        select from message m
        where m.account_id = conversation.account_id
          and m.conversation_id = conversation.conversation_id
          and ${sql.join(said, sql` and `)}
        offset 0)`,
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
