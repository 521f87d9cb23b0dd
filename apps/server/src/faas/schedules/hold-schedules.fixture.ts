import { expect } from 'vitest'
import { countWaiting, lockTable, type TestServer } from '#testing'

export interface HeldSchedules extends AsyncDisposable {
  /** Resolves when so many transactions wait for them. They go on together: the first to lock its row goes first. */
  waitedForBy(count: number): Promise<void>
}

/** Blocks changes of schedules until it is disposed of. */
export async function holdSchedules(server: TestServer): Promise<HeldSchedules> {
  // Who finds the row locked comes again later; for the table everybody waits.
  const lock = await lockTable(server, 'schedule', { for: 'writers' })
  return {
    waitedForBy: (count) => expect.poll(() => countWaiting(server)).toBe(count),
    [Symbol.asyncDispose]: lock.free,
  }
}
