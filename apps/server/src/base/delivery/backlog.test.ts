import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '#base/store'
import { openPlanWitness, startTestPostgres } from '#testing'
import { ending, Facts, openTestNode, rows, twoNodes } from './two-nodes.fixture.ts'

const ROWS = 1_000
const WORKERS = 16

let postgres: Awaited<ReturnType<typeof startTestPostgres>>
beforeAll(async () => {
  postgres = await startTestPostgres()
})
afterAll(() => postgres[Symbol.asyncDispose]())

/** A database that knows of an empty outbox only, in which many rows wait; and what a node on it asks. */
async function openBacklog() {
  await using opened = new AsyncDisposableStack()
  const nodes = opened.use(await twoNodes({ templateUrl: postgres.url }))
  const { db } = nodes.one.store
  // While it works nothing that is ended is seen to be.
  await sql`alter table outbox set (autovacuum_enabled = off)`.execute(db)
  const backlog = Array.from({ length: ROWS }, (_, n) => rows(`c${n}`, n).outbox).flat()
  await nodes.one.store.transaction(async (tx) => nodes.one.store.enqueue(tx, 'acme', backlog))
  const witness = opened.use(await openPlanWitness(nodes.url))
  const before = await readsOf(db)
  const { delivery, store } = await openTestNode(nodes.clock, witness.url)
  opened.defer(() => store[Symbol.asyncDispose]())
  opened.defer(() => delivery[Symbol.asyncDispose]())
  const resources = opened.move()
  const startedAt = performance.now()
  witness.take()
  return {
    delivery,
    store,
    /** How many looks for rows, or for timers, there were since the last call; and how many by the clock, which looks once a second. */
    looks(table: 'outbox' | 'timer') {
      const looks = witness.take().filter(({ text }) => text.includes(`due_in_${table}`)).length
      return { looks, byClock: 2 + (performance.now() - startedAt) / 1_000 }
    },
    /** Entries of the index of what is due that one look has read, on average: told by connections that have ended. */
    async entriesPerLook(): Promise<number> {
      await delivery[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await expect.poll(async () => (await readsOf(db)).scans).toBeGreaterThan(before.scans)
      const now = await readsOf(db)
      return (now.read - before.read) / (now.scans - before.scans)
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

test('a backlog is taken without a walk through all of it, and without a look at what other workers do', async () => {
  await using backlog = await openBacklog()
  const { delivery } = backlog
  let done = 0
  delivery.consume(ending(delivery, () => void (done += 1), { workers: WORKERS }))
  delivery.onTimer({
    kind: 'idle',
    workers: 'platform',
    facts: Facts,
    exhausted: 'dead letter',
    fire: () => Promise.reject(new Error('Nobody has armed it')),
  })
  delivery.start()
  await expect.poll(() => done).toBe(ROWS)

  const { looks, byClock } = backlog.looks('timer')
  expect(looks).toBeLessThanOrEqual(byClock)
  expect(await backlog.entriesPerLook()).toBeLessThan(ROWS / 2)
})

test('a backlog costs those nothing who look for other work', async () => {
  await using backlog = await openBacklog()
  const { delivery, store } = backlog
  let done = 0
  delivery.consume(ending(delivery, () => void (done += 1), { name: 'other' }))
  const other = { consumer: 'other', orderingKey: 'c', facts: { n: 1 } }
  await store.transaction(async (tx) => store.enqueue(tx, 'acme', [other]))
  delivery.start()
  await expect.poll(() => done).toBe(1)

  expect(await backlog.entriesPerLook()).toBeLessThan(ROWS / 10)
})

test('what waits of an account whose workers are all busy is not looked for when a worker of another one is free', async () => {
  await using backlog = await openBacklog()
  const { delivery } = backlog
  const finish = Promise.withResolvers<void>()
  let busy = 0
  let others = 0
  const handle = async ({ accountId }: { accountId: string }) => {
    if (accountId !== 'acme') return void (others += 1)
    busy += 1
    await finish.promise
  }
  delivery.consume(ending(delivery, handle, { workers: WORKERS }))
  delivery.start()
  await expect.poll(() => busy).toBe(WORKERS / 2)

  for (let n = 0; n < 200; n += 1) {
    await delivery.commit({ ...rows(`c${n}`, n), accountId: 'umbra' })
    await expect.poll(() => others).toBe(n + 1)
  }
  const { looks, byClock } = backlog.looks('outbox')
  expect(looks).toBeLessThanOrEqual(byClock)

  finish.resolve()
  await expect.poll(() => busy).toBe(ROWS)
})

/** Of the index of what is due. */
async function readsOf(db: Db): Promise<{ scans: number; read: number }> {
  const { rows: found } = await sql<{ scans: number; read: number }>`
    select idx_scan::int as scans, idx_tup_read::int as read from pg_stat_user_indexes
      where indexrelname = 'outbox_due_of_consumer'`.execute(db)
  return found[0] ?? { scans: 0, read: 0 }
}
