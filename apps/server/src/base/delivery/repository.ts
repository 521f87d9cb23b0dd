import { type RawBuilder, sql } from 'kysely'
import { type Db, ORDERING_LOCK_CLASS, orderingHash, type LeasedRow, type Store } from '#base/store'
import { AT_REST, IS_SUSPENDED, wakeRested } from './resting.ts'

export const LEASE = sql`interval '5 seconds'`

/** A row or timer that a node has leased; that of a suspended account has to rest. */
export type Taken<Work> = Work & { isSuspended: boolean }

/** Which rows or timers a node takes. */
export interface Taking {
  nodeId: string
  names: readonly string[]
  now: number
  limit: number
  /** Accounts whose work would only wait on this node. */
  notOf: readonly string[]
}

/**
 * Leases rows that are due and that no living node holds. By their places in the table: the planner, who knows nothing of an outbox
 * that was empty a moment ago, would join by reading all of it. A row that another node has just changed is left for the next time.
 */
export async function takeRows(
  { db, procedures }: Pick<Store, 'db' | 'procedures'>,
  { nodeId, names, now, limit, notOf }: Taking,
): Promise<Taken<LeasedRow>[]> {
  const at = new Date(now)
  const { rows } = await sql<
    Omit<Taken<LeasedRow>, 'createdAt' | 'firstAttemptAt'> & {
      createdAt: Date
      firstAttemptAt: Date
    }
  >`
    update outbox work set leased_by = ${nodeId}, leased_until = clock_timestamp() + ${LEASE}, starts = work.starts + 1,
      first_attempt_at = case when work.failures = 0 then ${at} else work.first_attempt_at end
    where ctid = any(array(select ${sql.raw(procedures.dueRows.name)}(${at}, ${names}, ${notOf}, ${limit})))
    returning account_id, id, consumer, lane as ordering_key, facts, starts, failures, first_attempt_at, created_at, run_at,
      ${IS_SUSPENDED} as is_suspended`.execute(db)
  return rows
    .map((row) => ({
      ...row,
      createdAt: row.createdAt.getTime(),
      firstAttemptAt: row.firstAttemptAt.getTime(),
    }))
    .sort((a, b) => a.id - b.id)
}

/** Renews the leases of rows that this node still works on, and gives the ids of those that it still had. */
export async function renewRows(
  db: Db,
  nodeId: string,
  rows: readonly LeasedRow[],
): Promise<number[]> {
  const { rows: renewed } = await sql<{ id: number }>`
    update outbox set leased_until = clock_timestamp() + ${LEASE}
    where ctid = any(array(${placesOf(nodeId, rows)})) returning id`.execute(db)
  return renewed.map(({ id }) => id)
}

/** Gives rows back as if they had not been started. */
export async function restRows(db: Db, nodeId: string, rows: readonly LeasedRow[]): Promise<void> {
  await sql`update outbox set starts = starts - 1, leased_by = null, leased_until = null
    where ctid = any(array(${placesOf(nodeId, rows)}))`.execute(db)
}

/**
 * The places of rows that this node has leased, each found by itself: PostgreSQL below 17 looks for two lists by each pair of them.
 * A row that somebody has locked is left out: it holds up no other one, and nobody takes it meanwhile.
 */
function placesOf(nodeId: string, rows: readonly LeasedRow[]): RawBuilder<unknown> {
  const accountIds = rows.map(({ accountId }) => accountId)
  const ids = rows.map(({ id }) => id)
  return sql`select o.place from unnest(${accountIds}::text[], ${ids}::bigint[]) held(account, id)
    cross join lateral (select ctid as place from outbox
      where account_id = held.account and id = held.id and leased_by = ${nodeId} for update skip locked) o`
}

/** Gives a row back to be run again at `runAt`, with its counts of starts and failures. */
export async function postponeRow(
  db: Db,
  nodeId: string,
  row: LeasedRow,
  runAt: number,
): Promise<void> {
  await db
    .updateTable('outbox')
    .set({
      runAt: new Date(runAt),
      starts: row.starts,
      failures: row.failures,
      leasedBy: null,
      leasedUntil: null,
    })
    .where('accountId', '=', row.accountId)
    .where('id', '=', row.id)
    .where('leasedBy', '=', nodeId)
    .execute()
}

/** Gives a row back as if it had not been started. */
export async function restRow(db: Db, nodeId: string, row: LeasedRow): Promise<void> {
  await db
    .updateTable('outbox')
    .set((eb) => ({ starts: eb('starts', '-', 1), leasedBy: null, leasedUntil: null }))
    .where('accountId', '=', row.accountId)
    .where('id', '=', row.id)
    .where('leasedBy', '=', nodeId)
    .execute()
}

/** What rested goes on, and gets all its attempts again. In the transaction that resumes the account. */
export async function resumeWork(tx: Db, accountId: string): Promise<void> {
  await wakeRested(tx)
  for (const table of ['outbox', 'timer'] as const) {
    await tx
      .updateTable(table)
      .set({ failures: 0 })
      .where('accountId', '=', accountId)
      .where('failures', '>', 0)
      .execute()
  }
}

/** Ends leases, so that what they cover may be taken at once: those of a node that leaves, or those of all others. */
export async function voidLeases(db: Db, whose: { of: string } | { notOf: string }): Promise<void> {
  for (const table of ['outbox', 'timer'] as const) {
    const all = db.updateTable(table).set({ leasedBy: null, leasedUntil: null })
    const some =
      'of' in whose
        ? all.where('leasedBy', '=', whose.of)
        : all.where('leasedBy', '<>', whose.notOf)
    await some.execute()
  }
}

/** The next instant after `now` at which something becomes due. */
export async function nextDueAt(
  { db, procedures }: Pick<Store, 'db' | 'procedures'>,
  {
    consumers,
    kinds,
    now,
  }: { consumers: readonly string[]; kinds: readonly string[]; now: number },
): Promise<number | undefined> {
  const { rows } = await sql<{ next: Date | null }>`
    select ${sql.raw(procedures.nextDue.name)}(${new Date(now)}, ${AT_REST}, ${consumers}, ${kinds}) as next`.execute(
    db,
  )
  return rows[0]?.next?.getTime()
}

/** Work that is due at an instant. */
export interface NextDue {
  at: number
  /** The kind of a timer, or the consumer of an outbox row that is tried again. */
  name: string
  /** The key of a timer, or the ordering key of a row. */
  key: string
}

/** What becomes due next in an account, later than `now`. */
export async function nextDueOf(
  db: Db,
  accountId: string,
  { now, without }: { now: number; without: string[] },
): Promise<NextDue | undefined> {
  const after = new Date(now)
  const { rows } = await sql<{ at: Date; name: string; key: string }>`
    (select run_at as at, consumer as name, lane as key from outbox
      where account_id = ${accountId} and head and run_at > ${after} order by run_at limit 1)
    union all (select run_at, kind, key from timer
      where account_id = ${accountId} and run_at > ${after} and kind <> all(${without}::text[]) order by run_at limit 1)
    order by at limit 1`.execute(db)
  const [next] = rows
  return next && { ...next, at: next.at.getTime() }
}

/** Work of one kind that is not done yet. */
export interface DeliveryQueue {
  source: 'outbox' | 'timer'
  name: string
  waiting: number
  running: number
  failing: number
  dueSince: Date | null
  nextAt: Date | null
}

/** Of each table, so many of an account's rows are counted. */
export const MAX_COUNTED = 10_000

/** What of an account waits, by the consumer of the rows and the kind of the timers. Counts at most one more than `MAX_COUNTED` of each table. */
export async function countWaiting(
  db: Db,
  accountId: string,
  now: number,
): Promise<DeliveryQueue[]> {
  const at = new Date(now)
  const { rows } = await sql<DeliveryQueue>`
    with waiting as (
      (select 'outbox' as source, consumer as name, created_at as since, run_at, failures, leased_until from outbox
        where account_id = ${accountId} order by id limit ${MAX_COUNTED + 1})
      union all
      (select 'timer', kind, due_at, run_at, failures, leased_until from timer
        where account_id = ${accountId} order by kind, key limit ${MAX_COUNTED + 1}))
    select source, name, count(*)::int as waiting,
      (count(*) filter (where leased_until >= clock_timestamp()))::int as running,
      (count(*) filter (where failures > 0))::int as failing,
      min(since) filter (where run_at <= ${at}) as due_since, min(run_at) filter (where run_at > ${at}) as next_at
    from waiting group by source, name order by source, name`.execute(db)
  return rows
}

/** Work that has failed and is tried again. */
export interface FailingRow {
  source: 'outbox' | 'timer'
  name: string
  lane: string
  failures: number
  firstAttemptAt: Date | null
  runAt: Date
}

/** The next `limit` of them. */
export async function listFailing(db: Db, accountId: string, limit: number): Promise<FailingRow[]> {
  const { rows } = await sql<FailingRow>`
    (select 'outbox' as source, consumer as name, lane, failures, first_attempt_at, run_at from outbox
      where account_id = ${accountId} and failures > 0 order by run_at limit ${limit})
    union all
    (select 'timer', kind, key, failures, first_attempt_at, run_at from timer
      where account_id = ${accountId} and failures > 0 order by run_at limit ${limit})
    order by run_at limit ${limit}`.execute(db)
  return rows
}

/** Whether another node holds something that is due. */
export async function isHeldElsewhere(
  db: Db,
  {
    consumers,
    kinds,
    now,
    nodeId,
  }: { consumers: readonly string[]; kinds: readonly string[]; now: number; nodeId: string },
): Promise<boolean> {
  const at = new Date(now)
  const { rows } = await sql<{ held: boolean }>`select
    exists (select from outbox where head and run_at <= ${at} and consumer = any(${consumers}::text[])
      and leased_by <> ${nodeId} and leased_until >= clock_timestamp())
    or exists (select from timer where run_at <= ${at} and kind = any(${kinds}::text[])
      and leased_by <> ${nodeId} and leased_until >= clock_timestamp()) as held`.execute(db)
  return rows[0]?.held ?? false
}

/**
 * Deletes the rows that wait behind this one, with the same ordering key. None of them is leased: only a head is. Under the
 * lock of the ordering key: a commit that ends this row meanwhile must not make one of them the head.
 */
export async function deleteWaiting(
  db: Db,
  {
    accountId,
    consumer,
    orderingKey,
    id,
  }: { accountId: string; consumer: string; orderingKey: string; id: number },
): Promise<void> {
  const hash = orderingHash(accountId, consumer, orderingKey)
  await sql`
    with locked as materialized (select pg_advisory_xact_lock(${ORDERING_LOCK_CLASS}, ${hash}))
    delete from outbox using locked
      where lane_hash = ${hash} and id + 0 > ${id} and consumer = ${consumer}
        and (lane = ${orderingKey} and account_id = ${accountId}) is true and not head`.execute(db)
}
