import { sql } from 'kysely'
import { AgentState, RINGING } from '#messaging/rules'
import type { Db, Store } from '#base/store'

interface StoredAgent {
  userId: string
  agent: AgentState
}

/** @param userIds of these users; of all if absent */
export function listAgents(
  db: Db,
  accountId: string,
  userIds?: readonly string[],
): Promise<StoredAgent[]> {
  return readAgents(agentsOf(db, accountId, userIds))
}

/** Of these users, or of all, those that any conversation can ring: who is away or offline is not read. */
export function listPresentAgents(
  db: Db,
  accountId: string,
  userIds: readonly string[] | undefined,
): Promise<StoredAgent[]> {
  const present = agentsOf(db, accountId, userIds)
    .where(sql<string>`state->>'availability'`, 'in', RINGING)
    .where(sql<boolean>`state->'gone' = 'false'`)
  return readAgents(present)
}

function agentsOf(db: Db, accountId: string, userIds: readonly string[] | undefined) {
  const all = db
    .selectFrom('document')
    .select(['id', 'state'])
    .where('accountId', '=', accountId)
    .where('kind', '=', 'agent')
  return userIds ? all.where('id', '=', sql<string>`any(${[...userIds]})`) : all
}

async function readAgents(query: ReturnType<typeof agentsOf>): Promise<StoredAgent[]> {
  const rows = await query.execute()
  return rows.map(({ id, state }) => ({ userId: id, agent: AgentState.parse(state) }))
}

export async function countHostedSlots(db: Db, accountId: string): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('document')
    .select(['id', sql<number>`jsonb_array_length(state->'slots')`.as('count')])
    .where('accountId', '=', accountId)
    .where('kind', '=', 'agent')
    .where(sql<boolean>`state->'hosted' = 'true' and state->'slots' <> '[]'`)
    .execute()
  return new Map(rows.map(({ id, count }) => [id, count]))
}

/** Resolves to whether it had no conversation, and is deleted. */
export async function deleteIdleAgent(tx: Db, accountId: string, userId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('document')
    .where('accountId', '=', accountId)
    .where('kind', '=', 'agent')
    .where('id', '=', userId)
    .where(sql<boolean>`state->'slots' = '[]'`)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** The conversations that wait in none of these skills. */
export async function listWaitingOutside(
  db: Db,
  accountId: string,
  skillIds: readonly string[],
): Promise<string[]> {
  const rows = await db
    .selectFrom('conversation')
    .select('conversationId')
    .where('accountId', '=', accountId)
    .where('waitingSince', 'is not', null)
    .where('skillId', 'not in', skillIds)
    .execute()
  return rows.map(({ conversationId }) => conversationId)
}

/** The conversations that wait for one of these users alone, or for any one. */
export async function listSuggested(
  db: Db,
  accountId: string,
  userIds?: readonly string[],
): Promise<{ conversationId: string; userId: string }[]> {
  const all = db
    .selectFrom('conversation')
    .select(['conversationId', 'suggestedAgentId as userId'])
    .where('accountId', '=', accountId)
    .where('waitingSince', 'is not', null)
    .where('suggestedAgentId', 'is not', null)
    .$narrowType<{ userId: string }>()
  const ofThem = userIds
    ? all.where('suggestedAgentId', '=', sql<string>`any(${[...userIds]})`)
    : all
  return await ofThem.execute()
}

/** Stores that this node is alive now, by the database's own time, and what it uses of the database. */
export async function beat({
  db,
  nodeId,
  connections,
}: Pick<Store, 'db' | 'nodeId' | 'connections'>): Promise<void> {
  const seenAt = sql<Date>`clock_timestamp()`
  await db
    .insertInto('node')
    .values({ nodeId, seenAt, connections })
    .onConflict((conflict) => conflict.column('nodeId').doUpdateSet({ seenAt, connections }))
    .execute()
}

/** Nodes whose last beat is older than that, and how old it is. */
export async function listSilentNodes(
  db: Db,
  afterMs: number,
): Promise<{ nodeId: string; silentMs: number }[]> {
  const silentMs = sql<number>`ceil(extract(epoch from clock_timestamp() - seen_at) * 1000)::int8`
  return await db
    .selectFrom('node')
    .select(['nodeId', silentMs.as('silentMs')])
    .where('seenAt', '<', sql<Date>`clock_timestamp() - ${afterMs} * interval '1 millisecond'`)
    .execute()
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
