import { type Insertable, sql } from 'kysely'
import { type Db, invocationColumns, type Tables } from '#base/store'
import type { MinuteCounts } from './counters.ts'
import type { InvocationRecord } from './invocation-record.ts'

export type LogRow = Insertable<Tables['logEntry']>
export type BatchRow = Insertable<Tables['invocationBundle']>

/** Rows per statement: far below the limit of a message, and enough to make the cost of a statement negligible. */
const CHUNK = 5_000

export async function insertRecords(db: Db, records: readonly InvocationRecord[]): Promise<void> {
  for (const chunk of chunks(records)) {
    await sql`
      insert into invocation
      select * from json_populate_recordset(null::invocation, ${JSON.stringify(chunk.map(invocationColumns))}::json)
      on conflict do nothing`.execute(db)
  }
}

export async function insertBatches(db: Db, rows: readonly BatchRow[]): Promise<void> {
  for (const chunk of chunks(rows)) {
    await db
      .insertInto('invocationBundle')
      .values([...chunk])
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

export async function insertLogs(db: Db, rows: readonly LogRow[]): Promise<void> {
  for (const chunk of chunks(rows)) {
    await sql`
      insert into log_entry
      select * from json_populate_recordset(null::log_entry, ${JSON.stringify(chunk.map(logRow))}::json)
      on conflict do nothing`.execute(db)
  }
}

/** Adds to the sums of all nodes. */
export async function addMinutes(db: Db, minutes: readonly MinuteCounts[]): Promise<void> {
  // All nodes write in the same order, so that two never wait for each other.
  const keyed = minutes.map((counts) => {
    const { accountId, functionId, minute } = counts
    return { key: `${accountId} ${functionId} ${minute}`, counts }
  })
  const sorted = keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  for (const chunk of chunks(sorted.map(({ counts }) => counts))) {
    await sql`
      insert into invocation_minute as sums
      select * from json_populate_recordset(null::invocation_minute, ${JSON.stringify(chunk.map(minuteRow))}::json)
      on conflict (account_id, function_id, minute) do update set
        succeeded = sums.succeeded + excluded.succeeded,
        coding_failure = sums.coding_failure + excluded.coding_failure,
        platform_failure = sums.platform_failure + excluded.platform_failure,
        timeout = sums.timeout + excluded.timeout,
        unknown = sums.unknown + excluded.unknown,
        cold_starts = sums.cold_starts + excluded.cold_starts,
        duration_sum_ms = sums.duration_sum_ms + excluded.duration_sum_ms,
        turned_away = coalesce(sums.turned_away, 0) + coalesce(excluded.turned_away, 0),
        latency = array(select coalesce(a, 0) + coalesce(b, 0) from unnest(sums.latency, excluded.latency) as t(a, b))
      `.execute(db)
  }
}

function* chunks<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; at += CHUNK) yield rows.slice(at, at + CHUNK)
}

function logRow(row: LogRow) {
  return {
    account_id: row.accountId,
    at: row.at,
    record_id: row.recordId,
    position: row.position,
    invocation_id: row.invocationId,
    function_id: row.functionId,
    conversation_id: row.conversationId,
    level: row.level,
    message: row.message,
    extras: row.extras,
  }
}

function minuteRow(counts: MinuteCounts) {
  return {
    account_id: counts.accountId,
    function_id: counts.functionId,
    minute: new Date(counts.minute),
    succeeded: counts.SUCCEEDED,
    coding_failure: counts.CODING_FAILURE,
    platform_failure: counts.PLATFORM_FAILURE,
    timeout: counts.TIMEOUT,
    unknown: counts.UNKOWN,
    cold_starts: counts.coldStarts,
    duration_sum_ms: counts.durationSumMs,
    latency: counts.latency,
    turned_away: counts.turnedAway,
  }
}
