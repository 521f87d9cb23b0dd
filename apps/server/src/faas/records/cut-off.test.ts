import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { anchoredMs, lambdasOf, startTestServer } from '#testing'

const DAY_MS = 86_400_000
const CALLS = 20

test('a day whose end was cut off by a kill is ended by the next work, and calls are recorded all the while', async () => {
  // Credentials must outlive the weeks of the test.
  await using server = await startTestServer({ wallClock: 'system' })
  const lambdas = lambdasOf(server)
  const { db, maintenance } = server.context.store
  const uuid = await lambdas.deployed(
    'function lambda(input, callback) { console.info("seen"); callback(null, 1) }',
  )
  const dayTables = async () =>
    (
      await sql<{ name: string; isPending: boolean | null }>`
        select c.relname as name, i.inhdetachpending as is_pending
        from pg_class c left join pg_inherits i on i.inhrelid = c.oid
        where c.relkind = 'r' and c.relname ~ '^(invocation|invocation_bundle|recording|log_entry)_p'`.execute(
        db,
      )
    ).rows
  const first = new Date(server.clock.now()).toISOString().slice(0, 10).replaceAll('-', '')
  const ofFirst = async () => (await dayTables()).filter(({ name }) => name.endsWith(first))
  expect(await ofFirst()).toHaveLength(4)
  await server.clock.advance(30 * DAY_MS)
  // As a kill leaves it between detaching and dropping.
  await sql`alter table log_entry detach partition ${sql.id(`log_entry_p${first}`)}`.execute(db)
  expect(await ofFirst()).toHaveLength(4)

  const reader = await db.startTransaction().execute()
  await sql`set local idle_in_transaction_session_timeout = 0`.execute(reader)
  await sql`lock table only invocation in access share mode`.execute(reader)
  // Both connections of this work wait for as long as they are let: it is killed while it waits, not before.
  await Promise.all(
    [1, 2].map(() =>
      maintenance.connection().execute(async (one) => {
        await sql`set lock_timeout = 0`.execute(one)
        await sql`select pg_sleep(0.2)`.execute(one)
      }),
    ),
  )
  const night = server.clock.advance(DAY_MS)
  const pending = async () => (await dayTables()).filter(({ isPending }) => isPending)
  await expect.poll(pending).toEqual([{ name: `invocation_p${first}`, isPending: true }])
  const { rows: killed } = await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query like '%detach partition%concurrently%'
      and pid <> pg_backend_pid()`.execute(db)
  expect(killed).toHaveLength(1)

  const calls = async () => {
    for (let call = 0; call < CALLS; call++) {
      expect((await lambdas.invoke(uuid, call)).status).toBe(200)
      await server.context.records.writer.flush()
    }
  }
  expect(await anchoredMs(calls)).toBeLessThan(CALLS * 500)
  // An hour later, and although somebody reads the table: nothing but finalizing does without a lock of all days.
  await night

  expect(await ofFirst()).toEqual([])
  expect(await pending()).toEqual([])
  await reader.commit().execute()
  const from = new Date(server.clock.now() - 7 * DAY_MS).toISOString()
  const { entries } = (await lambdas.native('GET', `/logs?from=${from}`)).json<{
    entries: unknown[]
  }>()
  expect(entries).toHaveLength(CALLS)
})
