import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anchoredMs, lambdasOf, startTestServer, type TestServer } from '#testing'

const DAY_MS = 86_400_000

let server: TestServer
beforeAll(async () => {
  // Credentials must outlive the weeks of the test.
  server = await startTestServer({ wallClock: 'system' })
})
afterAll(() => server[Symbol.asyncDispose]())

test('a dump of hours delays the ending of old days, and no call, record or log', async () => {
  const lambdas = lambdasOf(server)
  const { db } = server.context.store
  const uuid = await lambdas.deployed(
    'function lambda(input, callback) { console.info("seen"); callback(null, 1) }',
  )
  await lambdas.invoke(uuid, 1)
  const partitions = async () =>
    (
      await sql<{ name: string }>`select relname as name from pg_class
        where relkind = 'r' and relname ~ '^(invocation|invocation_bundle|log_entry)_p' order by 1`.execute(
        db,
      )
    ).rows.map(({ name }) => name)
  const old = (await partitions()).filter(
    (name) => dayOf(name) <= dayAt(server.clock.now() - DAY_MS),
  )
  expect(old.length).toBeGreaterThan(0)

  const { promise: dumped, resolve: endDump } = Promise.withResolvers<void>()
  const { promise: dumping, resolve: hasBegun } = Promise.withResolvers<void>()
  const dump = db.transaction().execute(async (tx) => {
    // As pg_dump does: every table, until it is done.
    for (const name of ['invocation', 'invocation_bundle', 'log_entry', ...(await partitions())]) {
      await sql`lock table ${sql.id(name)} in access share mode`.execute(tx)
    }
    // The limit of a silent transaction is not what is tried here.
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx)
    hasBegun()
    await dumped
  })
  await dumping

  const nights = server.clock.advance(29 * DAY_MS + 18 * 3_600_000)
  const calls = async () => {
    for (let call = 0; call < 20; call++) {
      expect((await lambdas.invoke(uuid, call)).status).toBe(200)
      await server.context.records.writer.flush()
    }
  }
  expect(await anchoredMs(calls)).toBeLessThan(20 * 500)
  await nights
  const left = await partitions()
  expect(left).toEqual(expect.arrayContaining(old))
  const ahead = left.filter((name) => dayOf(name) >= dayAt(server.clock.now()))
  expect(ahead.length).toBeGreaterThanOrEqual(3 * 7)

  endDump()
  await dump
  await server.clock.advance(2 * 3_600_000)
  expect((await partitions()).filter((name) => old.includes(name))).toEqual([])
})

function dayOf(partition: string): string {
  return partition.slice(-8)
}

function dayAt(at: number): string {
  return new Date(at).toISOString().slice(0, 10).replaceAll('-', '')
}
