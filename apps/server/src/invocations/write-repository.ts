import { type Insertable, sql } from 'kysely'
import type { Db, Tables } from '#store'
import type { MinuteCounts } from './counters.ts'
import type { InvocationHead } from './head.ts'

export type LogRow = Insertable<Tables['logEntry']>

/** Rows per statement: far from the limits of a message, enough to make its cost disappear. */
const CHUNK = 5_000

export async function insertHeads(db: Db, heads: readonly InvocationHead[]): Promise<void> {
  for (const chunk of chunks(heads)) {
    await sql`
      insert into invocation
      select * from json_populate_recordset(null::invocation, ${toJson(chunk)}::json)`.execute(db)
  }
}

export async function insertLogs(db: Db, rows: readonly LogRow[]): Promise<void> {
  for (const chunk of chunks(rows)) {
    await sql`
      insert into log_entry
      select * from json_populate_recordset(null::log_entry, ${toJson(chunk)}::json)
      on conflict do nothing`.execute(db)
  }
}

/** Adds to the sums of all nodes. */
export async function addMinutes(db: Db, minutes: readonly MinuteCounts[]): Promise<void> {
  const rows = minutes.map((counts) => ({
    accountId: counts.accountId,
    functionId: counts.functionId,
    minute: new Date(counts.minute),
    succeeded: counts.SUCCEEDED,
    codingFailure: counts.CODING_FAILURE,
    platformFailure: counts.PLATFORM_FAILURE,
    timeout: counts.TIMEOUT,
    unkown: counts.UNKOWN,
    coldStarts: counts.coldStarts,
    durationSumMs: counts.durationSumMs,
    latency: counts.latency,
  }))
  // One order for all nodes, so that two of them never wait for each other.
  const keyOf = (row: (typeof rows)[number]) =>
    `${row.accountId} ${row.functionId} ${row.minute.toISOString()}`
  for (const chunk of chunks(rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)))) {
    await sql`
      insert into invocation_minute as sums
      select * from json_populate_recordset(null::invocation_minute, ${toJson(chunk)}::json)
      on conflict (account_id, function_id, minute) do update set
        succeeded = sums.succeeded + excluded.succeeded,
        coding_failure = sums.coding_failure + excluded.coding_failure,
        platform_failure = sums.platform_failure + excluded.platform_failure,
        timeout = sums.timeout + excluded.timeout,
        unkown = sums.unkown + excluded.unkown,
        cold_starts = sums.cold_starts + excluded.cold_starts,
        duration_sum_ms = sums.duration_sum_ms + excluded.duration_sum_ms,
        latency = array(select coalesce(a, 0) + coalesce(b, 0) from unnest(sums.latency, excluded.latency) as t(a, b))
      `.execute(db)
  }
}

function* chunks<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; at += CHUNK) yield rows.slice(at, at + CHUNK)
}

const columns = new Map<string, string>()

function toJson(rows: readonly object[]): string {
  return JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [columnOf(name), value])),
    ),
  )
}

function columnOf(name: string): string {
  let column = columns.get(name)
  if (column === undefined) {
    column = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    columns.set(name, column)
  }
  return column
}
