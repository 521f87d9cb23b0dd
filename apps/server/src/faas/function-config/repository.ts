import { type Insertable, type Selectable, sql } from 'kysely'
import { isUuid } from '#base/kernel'
import type { Db, Tables } from '#base/store'

export type ActivityRow = Insertable<Tables['activity']>
export type BlockedCallRow = Selectable<Tables['blockedCall']>
export type DomainRow = Selectable<Tables['allowedDomain']>
export type SecretRow = Selectable<Tables['secret']>

export interface ActivityQuery {
  functionId?: string | undefined
  topic?: ActivityRow['topic'] | undefined
  /** Exclusive. */
  before?: string | undefined
  /** The last entry of the page before. */
  beforeId?: string | undefined
  limit: number
}

type ActivityFilter = Omit<ActivityQuery, 'before'> & { before?: Date | undefined; since: Date }

export function findActivities(db: Db, accountId: string, filter: ActivityFilter) {
  let query = db
    .selectFrom('activity')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('at', '>=', filter.since)
  if (filter.functionId !== undefined && !isUuid(filter.functionId)) return []
  if (filter.functionId) query = query.where('functionId', '=', filter.functionId)
  if (filter.topic) query = query.where('topic', '=', filter.topic)
  if (filter.before) query = query.where('at', '<', filter.before)
  if (filter.beforeId !== undefined) {
    const last = db
      .selectFrom('activity')
      .select(['at', 'sequence'])
      .where('accountId', '=', accountId)
      .where('activityId', '=', filter.beforeId)
      .$asTuple('at', 'sequence')
    query = query.where((eb) => eb(eb.refTuple('at', 'sequence'), '<', last))
  }
  return query.orderBy('at', 'desc').orderBy('sequence', 'desc').limit(filter.limit).execute()
}

export function insertActivity(tx: Db, row: ActivityRow) {
  return tx.insertInto('activity').values(row).execute()
}

export function findDomains(db: Db, accountId: string) {
  return db
    .selectFrom('allowedDomain')
    .selectAll()
    .where('accountId', '=', accountId)
    .orderBy('domain')
    .execute()
}

export async function countDomains(db: Db, accountId: string): Promise<number> {
  const { count } = await db
    .selectFrom('allowedDomain')
    .select((row) => row.fn.countAll<string>().as('count'))
    .where('accountId', '=', accountId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export function insertDomain(db: Db, row: Insertable<Tables['allowedDomain']>) {
  return db
    .insertInto('allowedDomain')
    .values(row)
    .onConflict((conflict) => conflict.columns(['accountId', 'domain']).doNothing())
    .returningAll()
    .executeTakeFirst()
}

export function deleteDomain(db: Db, accountId: string, domainId: number) {
  return db
    .deleteFrom('allowedDomain')
    .where('accountId', '=', accountId)
    .where('domainId', '=', domainId)
    .returningAll()
    .executeTakeFirst()
}

/** Adds to the sums of all nodes. Leaves out calls of deleted functions. */
export async function upsertBlockedCalls(db: Db, rows: readonly BlockedCallRow[]): Promise<void> {
  const given = rows.map((row) => ({
    account_id: row.accountId,
    function_id: row.functionId,
    host: row.host,
    port: row.port,
    called_from: row.calledFrom,
    reason: row.reason,
    count: row.count,
    first_at: row.firstAt,
    last_at: row.lastAt,
  }))
  // All nodes write in the same order, so that two never wait for each other.
  await sql`
    insert into blocked_call as kept
    select given.* from json_populate_recordset(null::blocked_call, ${JSON.stringify(given)}::json) as given
    join "function" using (account_id, function_id)
    order by given.account_id, given.function_id, given.host, given.port, given.called_from
    on conflict (account_id, function_id, host, port, called_from) do update set
      count = kept.count + excluded.count,
      reason = excluded.reason,
      first_at = least(kept.first_at, excluded.first_at),
      last_at = greatest(kept.last_at, excluded.last_at)`.execute(db)
}

/** Leaves only the newest calls of each of these functions. */
export async function forgetOldest(
  db: Db,
  functions: readonly Pick<BlockedCallRow, 'accountId' | 'functionId'>[],
  kept: number,
): Promise<void> {
  const ids = [...new Set(functions.map(({ functionId }) => functionId))]
  const accountIds = [...new Set(functions.map(({ accountId }) => accountId))]
  await sql`
    delete from blocked_call using (
      select account_id, function_id, host, port, called_from, row_number() over (
        partition by account_id, function_id order by last_at desc, host, port, called_from
      ) as place
      from blocked_call
      where account_id = any(${accountIds}) and function_id = any(${ids}::uuid[])
    ) as ranked
    where ranked.place > ${kept}
      and blocked_call.account_id = ranked.account_id
      and blocked_call.function_id = ranked.function_id
      and blocked_call.host = ranked.host
      and blocked_call.port = ranked.port
      and blocked_call.called_from = ranked.called_from`.execute(db)
}

export async function findBlockedCalls(
  db: Db,
  accountId: string,
  filter: { functionId?: string | undefined; since: Date; limit: number },
): Promise<BlockedCallRow[]> {
  const { functionId, since, limit } = filter
  if (functionId !== undefined && !isUuid(functionId)) return []
  let query = db
    .selectFrom('blockedCall')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('lastAt', '>=', since)
  if (functionId !== undefined) query = query.where('functionId', '=', functionId)
  return query
    .orderBy('lastAt', 'desc')
    .orderBy('host')
    .orderBy('port')
    .orderBy('calledFrom')
    .limit(limit)
    .execute()
}

export function findSecrets(db: Db, accountId: string) {
  return db
    .selectFrom('secret')
    .selectAll()
    .where('accountId', '=', accountId)
    .orderBy('name')
    .execute()
}

export function findSecret(db: Db, accountId: string, name: string) {
  return db
    .selectFrom('secret')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('name', '=', name)
    .executeTakeFirst()
}

/** Without those that the platform has made. */
export async function countSecrets(db: Db, accountId: string): Promise<number> {
  const { count } = await db
    .selectFrom('secret')
    .select((row) => row.fn.countAll<string>().as('count'))
    .where('accountId', '=', accountId)
    .where('provisioned', '=', false)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function insertSecret(db: Db, row: SecretRow): Promise<boolean> {
  const inserted = await db
    .insertInto('secret')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('name')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Gives the secret a new value and its next version; `undefined` when there is none. */
export function replaceSecretValue(
  db: Db,
  { accountId, name }: Pick<SecretRow, 'accountId' | 'name'>,
  change: Pick<SecretRow, 'box' | 'type' | 'updatedAt' | 'updatedBy'>,
) {
  return db
    .updateTable('secret')
    .set((row) => ({ ...change, version: row('version', '+', 1) }))
    .where('accountId', '=', accountId)
    .where('name', '=', name)
    .returningAll()
    .executeTakeFirst()
}

export async function deleteSecretRow(db: Db, accountId: string, name: string): Promise<boolean> {
  const deleted = await db
    .deleteFrom('secret')
    .where('accountId', '=', accountId)
    .where('name', '=', name)
    .returning('name')
    .executeTakeFirst()
  return deleted !== undefined
}

/** Writes at most once per minute: more would cost a write for every read of a secret. */
export function touchSecret(db: Db, { accountId, name }: SecretRow, at: Date) {
  return db
    .updateTable('secret')
    .set({ lastUsedAt: at })
    .where('accountId', '=', accountId)
    .where('name', '=', name)
    .where((where) =>
      where.or([
        where('lastUsedAt', 'is', null),
        where('lastUsedAt', '<', new Date(at.getTime() - 60_000)),
      ]),
    )
    .execute()
}
