import { sql } from 'kysely'
import type { Db } from '#base/store'

const PAGE = 5_000

/** Everything before these instants is deleted. */
export interface Cutoffs {
  logs: Date
  records: Date
  metrics: Date
  activities: Date
  deadLetters: Date
}

/** Deletes by pages: a night's work is many short statements. */
export async function deleteOlder(
  db: Db,
  accountId: string,
  { logs, records, metrics, activities, deadLetters }: Cutoffs,
): Promise<void> {
  const ended: [table: string, instant: string, before: Date][] = [
    ['log_entry', 'at', logs],
    ['blocked_call', 'last_at', logs],
    ['invocation', 'started_at', records],
    ['recording', 'started_at', records],
    ['invocation_bundle', 'last_at', records],
    ['schedule_run', 'started_at', records],
    ['invocation_minute', 'minute', metrics],
    ['activity', 'at', activities],
    ['dead_letter', 'dead_at', deadLetters],
  ]
  for (const [table, instant, before] of ended) {
    const old = sql`account_id = ${accountId} and ${sql.id(instant)} < ${before}`
    // A partition may have a row at the same place that is not old: the condition stands twice.
    const page = sql`delete from ${sql.id(table)} where ${old} and ctid = any(array(
      select ctid from ${sql.id(table)} where ${old} limit ${PAGE}))`
    while (((await page.execute(db)).numAffectedRows ?? 0n) > 0n);
  }
}

/** Deletes records and log entries of these conversations, whatever their age. */
export async function deleteOfConversations(
  db: Db,
  accountId: string,
  conversationIds: readonly string[],
): Promise<void> {
  if (conversationIds.length === 0) return
  for (const table of ['invocation', 'logEntry'] as const) {
    await db
      .deleteFrom(table)
      .where('accountId', '=', accountId)
      .where('conversationId', 'in', conversationIds)
      .execute()
  }
}
