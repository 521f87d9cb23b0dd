import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Db } from '#base/store'
import { ending, openTestNode, rows, twoNodes } from './two-nodes.fixture.ts'

const ROWS = 1_000
const WORKERS = 16

test('a backlog is taken by free workers without a walk through all of it, and without a look at what other workers do', async () => {
  await using nodes = await twoNodes()
  const { store } = nodes.one
  // While it works nothing that is ended is seen to be.
  await sql`alter table outbox set (autovacuum_enabled = off)`.execute(store.db)
  // The database knows of an empty outbox only.
  const backlog = Array.from({ length: ROWS }, (_, n) => rows(`c${n}`, n).outbox).flat()
  await store.transaction(async (tx) => store.enqueue(tx, 'acme', backlog))
  const before = await looksOf(store.db)

  const { delivery, store: taking } = await openTestNode(nodes.clock, nodes.url)
  let done = 0
  delivery.consume(ending(delivery, () => void (done += 1), { workers: WORKERS }))
  delivery.consume(ending(delivery, () => undefined, { name: 'other' }))
  delivery.start()
  await expect.poll(() => done, { timeout: 20_000 }).toBe(ROWS)
  await delivery[Symbol.asyncDispose]()
  // Statistics are told when connections end.
  await taking[Symbol.asyncDispose]()

  const fewest = ROWS / WORKERS
  const looks = async () => (await looksOf(store.db)).scans - before.scans
  await expect.poll(looks).toBeGreaterThanOrEqual(fewest)
  expect(await looks()).toBeLessThan(1.5 * fewest)
  expect((await looksOf(store.db)).read - before.read).toBeLessThan(ROWS * WORKERS)
})

/** Into the index of what is due. */
async function looksOf(db: Db): Promise<{ scans: number; read: number }> {
  const { rows: looks } = await sql<{ scans: number; read: number }>`
    select idx_scan::int as scans, idx_tup_read::int as read from pg_stat_user_indexes
      where indexrelname = 'outbox_due_in_order'`.execute(db)
  return looks[0] ?? { scans: 0, read: 0 }
}
