import { type RawBuilder, sql } from 'kysely'
import { type Db, jsonb, type Store, type TimerArm } from '#base/store'
import { LEASE, type Taken, type Taking } from './repository.ts'
import { IS_SUSPENDED } from './resting.ts'
import type { Timer } from './types.ts'

const MAX_FOUND = 100

export interface LeasedTimer {
  accountId: string
  kind: string
  key: string
  generation: number
  facts: unknown
  dueAt: number
  starts: number
  failures: number
  firstAttemptAt: number
}

/** Arms a timer that is not armed; false when it is. One that became due while no node ran stays due. */
export async function armTimerOnce(db: Db, accountId: string, timer: TimerArm): Promise<boolean> {
  const { kind, key, facts } = timer
  const dueAt = new Date(timer.dueAt)
  const { numInsertedOrUpdatedRows = 0n } = await db
    .insertInto('timer')
    .values({ accountId, kind, key, facts: jsonb(facts), dueAt, runAt: dueAt })
    .onConflict((conflict) => conflict.columns(['accountId', 'kind', 'key']).doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows > 0n
}

/** Arms a timer, or arms it anew, inside a transaction of the caller. */
export async function armTimer(tx: Db, accountId: string, timer: TimerArm): Promise<void> {
  const dueAt = new Date(timer.dueAt)
  const armed = {
    generation: sql<number>`nextval('timer_generation')`,
    facts: jsonb(timer.facts),
    dueAt,
    runAt: dueAt,
    firstAttemptAt: null,
    starts: 0,
    failures: 0,
    leasedBy: null,
    leasedUntil: null,
  }
  await tx
    .insertInto('timer')
    .values({ accountId, kind: timer.kind, key: timer.key, ...armed })
    .onConflict((conflict) => conflict.columns(['accountId', 'kind', 'key']).doUpdateSet(armed))
    .execute()
}

/** False when it is gone or was armed anew. */
export async function deleteTimer(
  tx: Db,
  { accountId, kind, key, generation }: Timer<unknown>,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('timer')
    .where('accountId', '=', accountId)
    .where('kind', '=', kind)
    .where('key', '=', key)
    .where('generation', '=', generation)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** Of one statement: many timers are armed in short steps, which hold nobody up. */
const PAGE = 1_000

/** Has timers of a kind with these facts fire at most so long after the `since` in their facts; after `now` where they have none. */
export async function bringForward(
  db: Db,
  accountId: string,
  { kind, facts, afterMs, now }: { kind: string; facts: object; afterMs: number; now: number },
): Promise<void> {
  const dueAt = sql<Date>`to_timestamp((coalesce((facts->>'since')::bigint, ${now}::bigint) + ${afterMs}::bigint) / 1000.0)`
  let moved = PAGE
  while (moved === PAGE) {
    const { numUpdatedRows } = await db
      .updateTable('timer')
      .set({ dueAt, runAt: sql<Date>`least(run_at, ${dueAt})` })
      .where(
        sql<boolean>`ctid = any(array(
          select ctid from timer where account_id = ${accountId} and kind = ${kind}
            and facts @> ${jsonb(facts)} and due_at > ${dueAt}
          limit ${PAGE} for update skip locked))`,
      )
      .executeTakeFirstOrThrow()
    moved = Number(numUpdatedRows)
  }
}

/**
 * Has a timer fire at `dueAt` that is due later than `latest`: later than any right clock arms it, so it was armed while one was ahead that
 * has been set back.
 */
export async function bringTimerBack(
  db: Db,
  accountId: string,
  { kind, key, latest, dueAt }: { kind: string; key: string; latest: number; dueAt: number },
): Promise<void> {
  await backFrom(db, accountId, { latest, dueAt })
    .where('kind', '=', kind)
    .where('key', '=', key)
    .execute()
}

/** The same for all timers of an account. */
export async function bringAllBack(
  db: Db,
  accountId: string,
  far: { latest: number; dueAt: number },
): Promise<void> {
  await backFrom(db, accountId, far).execute()
}

function backFrom(db: Db, accountId: string, { latest, dueAt }: { latest: number; dueAt: number }) {
  const at = new Date(dueAt)
  return db
    .updateTable('timer')
    .set({ dueAt: at, runAt: at })
    .where('accountId', '=', accountId)
    .where('dueAt', '>', new Date(latest))
}

/** Of these kinds, at most a hundred: first what is for all accounts, whose key is that of the account, then by kind and key. */
export function findTimers(db: Db, accountId: string, kinds: readonly string[]) {
  return db
    .selectFrom('timer')
    .select(['kind', 'key', 'runAt', 'failures', 'facts'])
    .where('accountId', '=', accountId)
    .where('kind', 'in', kinds)
    .orderBy(sql`key = account_id`, 'desc')
    .orderBy('kind')
    .orderBy('key')
    .limit(MAX_FOUND)
    .execute()
}

export async function disarmTimer(
  tx: Db,
  accountId: string,
  { kind, key }: { kind: string; key: string },
): Promise<void> {
  await tx
    .deleteFrom('timer')
    .where('accountId', '=', accountId)
    .where('kind', '=', kind)
    .where('key', '=', key)
    .execute()
}

/** Leases timers that are due and that no living node holds: as `takeRows`. */
export async function takeTimers(
  { db, procedures }: Pick<Store, 'db' | 'procedures'>,
  { nodeId, names, now, limit, notOf }: Taking,
): Promise<Taken<LeasedTimer>[]> {
  const at = new Date(now)
  const { rows } = await sql<
    Omit<Taken<LeasedTimer>, 'dueAt' | 'firstAttemptAt'> & { dueAt: Date; firstAttemptAt: Date }
  >`
    update timer work set leased_by = ${nodeId}, leased_until = clock_timestamp() + ${LEASE}, starts = work.starts + 1,
      first_attempt_at = case when work.failures = 0 then ${at} else work.first_attempt_at end
    where ctid = any(array(select ${sql.raw(procedures.dueTimers.name)}(${at}, ${names}, ${notOf}, ${limit})))
    returning account_id, kind, key, generation, facts, due_at, starts, failures, first_attempt_at, ${IS_SUSPENDED} as is_suspended`.execute(
    db,
  )
  return rows
    .map((row) => ({
      ...row,
      dueAt: row.dueAt.getTime(),
      firstAttemptAt: row.firstAttemptAt.getTime(),
    }))
    .sort((a, b) => a.dueAt - b.dueAt || a.generation - b.generation)
}

/** Renews the leases of timers that this node still works on, and gives the generations of those that it still had. */
export async function renewTimers(
  db: Db,
  nodeId: string,
  timers: readonly LeasedTimer[],
): Promise<number[]> {
  const { rows } = await sql<{ generation: number }>`
    update timer set leased_until = clock_timestamp() + ${LEASE}
    where ctid = any(array(${placesOf(nodeId, timers)})) returning generation`.execute(db)
  return rows.map(({ generation }) => generation)
}

/** Gives timers back as if they had not been started. */
export async function restTimers(
  db: Db,
  nodeId: string,
  timers: readonly LeasedTimer[],
): Promise<void> {
  await sql`update timer set starts = starts - 1, leased_by = null, leased_until = null
    where ctid = any(array(${placesOf(nodeId, timers)}))`.execute(db)
}

/** As that of rows. */
function placesOf(nodeId: string, timers: readonly LeasedTimer[]): RawBuilder<unknown> {
  const of = <Name extends keyof LeasedTimer>(name: Name) => timers.map((timer) => timer[name])
  return sql`select t.place
    from unnest(${of('accountId')}::text[], ${of('kind')}::text[], ${of('key')}::text[], ${of('generation')}::bigint[])
      held(account, kind, key, generation)
    cross join lateral (select ctid as place from timer
      where account_id = held.account and kind = held.kind and key = held.key and generation = held.generation
        and leased_by = ${nodeId} for update skip locked) t`
}

export async function postponeTimer(
  db: Db,
  nodeId: string,
  timer: LeasedTimer,
  runAt: number,
): Promise<void> {
  await db
    .updateTable('timer')
    .set({
      runAt: new Date(runAt),
      failures: timer.failures + 1,
      leasedBy: null,
      leasedUntil: null,
    })
    .where('accountId', '=', timer.accountId)
    .where('kind', '=', timer.kind)
    .where('key', '=', timer.key)
    .where('generation', '=', timer.generation)
    .where('leasedBy', '=', nodeId)
    .execute()
}

/** Gives a timer back as if it had not been started. */
export async function restTimer(db: Db, nodeId: string, timer: LeasedTimer): Promise<void> {
  await db
    .updateTable('timer')
    .set((eb) => ({ starts: eb('starts', '-', 1), leasedBy: null, leasedUntil: null }))
    .where('accountId', '=', timer.accountId)
    .where('kind', '=', timer.kind)
    .where('key', '=', timer.key)
    .where('generation', '=', timer.generation)
    .where('leasedBy', '=', nodeId)
    .execute()
}
