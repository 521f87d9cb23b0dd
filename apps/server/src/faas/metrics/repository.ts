import { sql } from 'kysely'
import type { Db } from '#base/store'

export interface MetricsQuery {
  functionId?: string | undefined
  from: Date
  /** Exclusive. */
  to: Date
}

interface Sums {
  succeeded: number
  codingFailure: number
  platformFailure: number
  timeout: number
  unknown: number
  coldStarts: number
  /** Of the failures of the platform: those of calls that did not run. */
  turnedAway: number
}

/** Sums by function, over all its minutes in the window. */
export async function sumByFunction(db: Db, accountId: string, query: MetricsQuery) {
  const { rows } = await sql<Sums & { functionId: string }>`
    select function_id, ${sums} from invocation_minute ${inWindow(accountId, query)}
    group by function_id`.execute(db)
  return rows
}

/** Sums by bucket: the number of `bucketMs` since the epoch. */
export async function sumByBucket(
  db: Db,
  accountId: string,
  query: MetricsQuery,
  bucketMs: number,
) {
  const { rows } = await sql<Sums & { bucket: number }>`
    select ${bucketOf(bucketMs)} as bucket, ${sums}
    from invocation_minute ${inWindow(accountId, query)} group by 1`.execute(db)
  return rows
}

interface LatencyRow<Key> {
  key: Key
  counts: number[]
}

/** Latency counts by function or by bucket, each the sum of all its minutes. */
export async function latencyBy<Key extends string | number>(
  db: Db,
  accountId: string,
  query: MetricsQuery,
  bucketMs: number | undefined,
): Promise<Map<Key, number[]>> {
  const key = bucketMs === undefined ? sql`function_id::text` : bucketOf(bucketMs)
  const { rows } = await sql<LatencyRow<Key>>`
    select key, array_agg(count order by place) as counts from (
      select ${key} as key, place, sum(count)::int as count
      from invocation_minute, unnest(latency) with ordinality as t(count, place)
      ${inWindow(accountId, query)} group by 1, 2
    ) as summed group by key`.execute(db)
  return new Map(rows.map(({ key: at, counts }) => [at, counts]))
}

const sums = sql`
  sum(succeeded)::int as succeeded, sum(coding_failure)::int as coding_failure,
  sum(platform_failure)::int as platform_failure, sum(timeout)::int as timeout,
  sum(unknown)::int as unknown, sum(cold_starts)::int as cold_starts,
  coalesce(sum(turned_away), 0)::int as turned_away`

function bucketOf(bucketMs: number) {
  return sql`floor(extract(epoch from minute) * 1000 / ${bucketMs}::float8)::float8`
}

function inWindow(accountId: string, { functionId, from, to }: MetricsQuery) {
  const ofFunction = functionId === undefined ? sql`` : sql`and function_id = ${functionId}`
  return sql`where account_id = ${accountId} and minute >= ${from} and minute < ${to} ${ofFunction}`
}
