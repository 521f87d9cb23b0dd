import { type Selectable, sql } from 'kysely'
import type { Db, Tables } from '#base/store'
import { isUuid } from '#base/kernel'

export type BlockedCallRow = Selectable<Tables['blockedCall']>

/** Adds to the sums of all nodes. Calls of functions that were deleted meanwhile are left out. */
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
  // One order for all nodes, so that two of them never wait for each other.
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
