import type pg from 'pg'
import { expect, test } from 'vitest'
import { type Logger, openLogger, type Monotonic } from '#base/kernel'
import { storeDeps } from './store-deps.fixture.ts'
import { watchDatabase } from './watch.ts'

/** When this node asks its database, when it reads the answer, and what time it is at the database between them, in milliseconds. */
interface Ping {
  asked: number
  read: number
  database: number
}

/** What a watch warns of, and how far it sees the clocks apart after each ping. */
async function watched(pings: Ping[]): Promise<{ warned: unknown[]; skews: number[] }> {
  const warned: unknown[] = []
  const skews: number[] = []
  const left = [...pings]
  const done = Promise.withResolvers<void>()
  let now = 0
  const client = {
    end: () => Promise.resolve(),
    query: () => {
      const ping = left.shift()
      if (!ping) return Promise.reject(new Error('Nothing is asked any more'))
      now = ping.read
      return Promise.resolve({ rows: [{ at: new Date(ping.database), isStandby: false }] })
    },
  }
  const monotonic: Monotonic = {
    ...storeDeps.monotonic,
    // The pause between two pings.
    after(ms, ring, options) {
      if (ms !== 1_000) return storeDeps.monotonic.after(ms, ring, options)
      skews.push(watch.clockSkewMs())
      now = left[0]?.asked ?? now
      if (left.length === 0) done.resolve()
      else storeDeps.monotonic.afterTurn(ring)
      return { [Symbol.dispose]() {} }
    },
  }
  const logger: Logger = Object.assign(Object.create(openLogger('fatal')) as Logger, {
    warn: (details: unknown) => void warned.push(details),
  })
  now = pings[0]?.asked ?? 0
  await using watch = watchDatabase({
    connector: {
      url: '',
      logger,
      stopping: undefined,
      settings: () => ({}),
      connect: () => Promise.resolve(client as unknown as pg.Client),
      breakAll: () => {},
    },
    clock: { now: () => now, alarm: () => ({ [Symbol.dispose]() {} }) },
    logger,
    monotonic,
  })
  await done.promise
  return { warned, skews }
}

test('an answer that comes late says nothing of the clocks: a busy machine is no wrong clock', async () => {
  const { warned, skews } = await watched([
    { asked: 10_000, read: 12_900, database: 12_800 },
    { asked: 14_000, read: 16_900, database: 14_050 },
  ])

  expect(warned).toEqual([])
  expect(skews).toEqual([0, 0])
})

test('clocks that differ for sure are told, until an answer that comes in time says that they agree', async () => {
  const { warned, skews } = await watched([
    { asked: 70_000, read: 70_010, database: 10_005 },
    { asked: 71_000, read: 73_900, database: 71_500 },
    { asked: 75_000, read: 75_010, database: 75_005 },
  ])

  expect(warned).toEqual([{ clockSkewMs: 60_000 }])
  expect(skews).toEqual([60_000, 60_000, 0])
})
