import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Db } from '#base/store'
import { ending, openTestNode, rows, twoNodes } from './two-nodes.fixture.ts'

const ROWS = 1_000
const WORKERS = 16

/** A database that knows of an empty outbox only, in which many rows wait. */
async function openBacklog() {
  await using opened = new AsyncDisposableStack()
  const nodes = opened.use(await twoNodes())
  const { store } = nodes.one
  // While it works nothing that is ended is seen to be.
  await sql`alter table outbox set (autovacuum_enabled = off)`.execute(store.db)
  const backlog = Array.from({ length: ROWS }, (_, n) => rows(`c${n}`, n).outbox).flat()
  await store.transaction(async (tx) => store.enqueue(tx, 'acme', backlog))
  const before = await looksOf(store.db)
  const resources = opened.move()
  return {
    store,
    openNode: () => openTestNode(nodes.clock, nodes.url),
    /** So far: told by connections that have ended. */
    async looks(): Promise<Looks> {
      const now = await looksOf(store.db)
      return { scans: now.scans - before.scans, read: now.read - before.read }
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

test('a backlog is taken by free workers without a walk through all of it, and without a look at what other workers do', async () => {
  await using waiting = await openBacklog()
  const { delivery, store } = await waiting.openNode()
  let done = 0
  delivery.consume(ending(delivery, () => void (done += 1), { workers: WORKERS }))
  delivery.consume(ending(delivery, () => undefined, { name: 'other' }))
  delivery.start()
  await expect.poll(() => done).toBe(ROWS)
  await delivery[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()

  const fewest = ROWS / WORKERS
  await expect.poll(async () => (await waiting.looks()).scans).toBeGreaterThanOrEqual(fewest)
  const { scans, read } = await waiting.looks()
  expect(scans).toBeLessThan(1.5 * fewest)
  expect(read).toBeLessThan(ROWS * WORKERS)
})

test('a backlog costs those nothing who look for other work', async () => {
  await using waiting = await openBacklog()
  const { delivery, store } = await waiting.openNode()
  let done = 0
  delivery.consume(ending(delivery, () => void (done += 1), { name: 'other' }))
  const other = { consumer: 'other', orderingKey: 'c', facts: { n: 1 } }
  await store.transaction(async (tx) => store.enqueue(tx, 'acme', [other]))
  delivery.start()
  await expect.poll(() => done).toBe(1)
  await delivery[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()

  await expect.poll(async () => (await waiting.looks()).scans).toBeGreaterThan(0)
  expect((await waiting.looks()).read).toBeLessThan(ROWS / 10)
})

test('what waits of an account whose workers are all busy is not walked through when a worker of another one is free', async () => {
  await using waiting = await openBacklog()
  const { delivery, store } = await waiting.openNode()
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
  finish.resolve()
  await expect.poll(() => busy).toBe(ROWS)
  await delivery[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()

  await expect.poll(async () => (await waiting.looks()).scans).toBeGreaterThan(ROWS / WORKERS)
  expect((await waiting.looks()).read).toBeLessThan(ROWS * WORKERS)
})

interface Looks {
  scans: number
  /** Entries. */
  read: number
}

/** Into the index of what is due. */
async function looksOf(db: Db): Promise<Looks> {
  const { rows: looks } = await sql<Looks>`
    select idx_scan::int as scans, idx_tup_read::int as read from pg_stat_user_indexes
      where indexrelname = 'outbox_due_of_consumer'`.execute(db)
  return looks[0] ?? { scans: 0, read: 0 }
}
