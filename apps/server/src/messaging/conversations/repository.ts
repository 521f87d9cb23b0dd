import { type ConversationState, NO_SKILL, StoredMessage } from '@parley/contract'
import { sql } from 'kysely'
import type { AgentState } from '#messaging/rules'
import type { Db } from '#base/store'
import type { Versioned } from './documents.ts'

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
  return row && { version: row.version, state: row.state as ConversationState }
}

export async function listAgents(
  db: Db,
  accountId: string,
): Promise<(Versioned<AgentState> & { userId: string })[]> {
  const rows = await db
    .selectFrom('document')
    .select(['id', 'version', 'state'])
    .where('accountId', '=', accountId)
    .where('kind', '=', 'agent')
    .execute()
  return rows.map(({ id, version, state }) => ({ userId: id, version, state: state as AgentState }))
}

/** This node is alive now, by the database's own time. */
export async function beat(db: Db, nodeId: string): Promise<void> {
  const seenAt = sql<Date>`clock_timestamp()`
  await db
    .insertInto('node')
    .values({ nodeId, seenAt })
    .onConflict((conflict) => conflict.column('nodeId').doUpdateSet({ seenAt }))
    .execute()
}

/** Nodes that have not been heard of for so long. */
export async function listSilentNodes(db: Db, afterMs: number): Promise<string[]> {
  const rows = await db
    .selectFrom('node')
    .select('nodeId')
    .where('seenAt', '<', sql<Date>`clock_timestamp() - ${afterMs} * interval '1 millisecond'`)
    .execute()
  return rows.map(({ nodeId }) => nodeId)
}

export async function forgetNode(db: Db, nodeId: string): Promise<void> {
  await db.deleteFrom('node').where('nodeId', '=', nodeId).execute()
}

/** Agents of all accounts with sockets on that node. */
export async function listAgentsOn(
  db: Db,
  nodeId: string,
): Promise<{ accountId: string; userId: string }[]> {
  const rows = await db
    .selectFrom('document')
    .select(['accountId', 'id'])
    .where('kind', '=', 'agent')
    .where(sql<boolean>`state->'nodes' @> ${JSON.stringify([nodeId])}::jsonb`)
    .execute()
  return rows.map(({ accountId, id }) => ({ accountId, userId: id }))
}

/** Waiting conversations in the order of the queue, as `queueOrder` has it. */
export async function listWaiting(
  db: Db,
  accountId: string,
  skillIds: readonly string[],
  limit: number,
): Promise<ConversationState[]> {
  const rows = await db
    .selectFrom('conversation')
    .select('state')
    .where('accountId', '=', accountId)
    .where('waitingSince', 'is not', null)
    .where((where) =>
      where.or([
        where('skillId', 'in', [...skillIds, NO_SKILL]),
        where('suggestedAgentId', 'is not', null),
      ]),
    )
    .orderBy('queueRank')
    .orderBy('waitingSince')
    .limit(limit)
    .execute()
  return rows.map(({ state }) => state as ConversationState)
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
  return rows.map(({ version, state }) => ({ version, state: state as ConversationState }))
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
