import { sql } from 'kysely'
import { expect } from 'vitest'
import type { TestServer } from '#testing'

export interface HeldSchedules extends AsyncDisposable {
  /** Resolves when so many transactions wait for them. They go on together: the first to lock its row goes first. */
  waitedForBy(count: number): Promise<void>
}

/** Blocks changes of schedules until it is disposed of. */
export async function holdSchedules({ context: { store } }: TestServer): Promise<HeldSchedules> {
  const { db } = store
  const locked = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const holding = db.transaction().execute(async (tx) => {
    // Who finds the row locked comes again later; for the table everybody waits.
    await sql`lock table schedule in exclusive mode`.execute(tx)
    locked.resolve()
    await released.promise
  })
  await Promise.race([locked.promise, holding])

  async function countWaiting(): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
    return rows[0]!.count
  }
  return {
    waitedForBy: (count) => expect.poll(countWaiting).toBe(count),
    async [Symbol.asyncDispose]() {
      released.resolve()
      await holding
    },
  }
}
