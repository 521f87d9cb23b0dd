import { sql } from 'kysely'
import { deleteByPages } from '#base/kit'
import type { Db } from '#base/store'

const PAGE = 5_000

/** Everything before these instants is deleted. */
export interface Cutoffs {
  logs: Date
  records: Date
  /** What ran by minute, by which the month of an account is counted. */
  invocationMetrics: Date
  metrics: Date
  activities: Date
  deadLetters: Date
}

/** Resolves to whether nothing is left: somebody may hold a row. */
export async function deleteOlder(
  db: Db,
  accountId: string,
  { logs, records, invocationMetrics, metrics, activities, deadLetters }: Cutoffs,
): Promise<boolean> {
  const ended: [table: string, instant: string, before: Date, hasIndex: boolean][] = [
    ['log_entry', 'at', logs, true],
    ['blocked_call', 'last_at', logs, true],
    ['invocation', 'started_at', records, true],
    ['recording', 'started_at', records, true],
    ['invocation_bundle', 'last_at', records, true],
    ['schedule_run', 'started_at', records, false],
    ['replay_job', 'started_at', records, false],
    ['invocation_minute', 'minute', invocationMetrics, false],
    ['figure_minute', 'minute', metrics, true],
    ['activity', 'at', activities, true],
    ['dead_letter', 'dead_at', deadLetters, false],
  ]
  let isAllDone = true
  for (const [table, instant, before, hasIndex] of ended) {
    const old = sql`account_id = ${accountId} and ${sql.id(instant)} < ${before}`
    if (!(await deleteByPages(db, table, old, hasIndex ? instant : undefined))) isAllDone = false
  }
  const forget = sql`update replayed_run set details = null where ctid = any(array(
    select ctid from replayed_run
    where account_id = ${accountId} and recorded_at < ${records} and details is not null limit ${PAGE}))`
  while (((await forget.execute(db)).numAffectedRows ?? 0n) > 0n);
  return isAllDone
}

/** Deletes records and log entries of these conversations, whatever their age, and what replays of them have found. */
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
  // After the records: a job that has read one before cannot store what it finds any more.
  await db
    .updateTable('replayedRun')
    .set({
      state: 'notReplayed',
      reason: 'gone',
      conversationId: null,
      outcome: null,
      durationMs: null,
      differenceCount: 0,
      details: null,
    })
    .where('accountId', '=', accountId)
    .where('conversationId', 'in', conversationIds)
    .execute()
}
