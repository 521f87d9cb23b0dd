import { sql } from 'kysely'
import { type Db, jsonb } from '#base/store'
import type { Timer, TimerInsert } from './types.ts'

/** Arms a timer that is not armed. One that became due while no node ran stays due. */
export async function armTimerOnce(db: Db, accountId: string, timer: TimerInsert): Promise<void> {
  const { kind, key, facts } = timer
  const dueAt = new Date(timer.dueAt)
  await db
    .insertInto('timer')
    .values({ accountId, kind, key, facts: jsonb(facts), dueAt, runAt: dueAt })
    .onConflict((conflict) => conflict.columns(['accountId', 'kind', 'key']).doNothing())
    .execute()
}

/** Arms a timer, or arms it anew, inside a transaction of the caller. */
export async function armTimer(tx: Db, accountId: string, timer: TimerInsert): Promise<void> {
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
