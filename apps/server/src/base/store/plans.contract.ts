import { sql } from 'kysely'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { cloneDatabase } from '#base/postgres'
import { openStore } from './open.ts'
import type { Store } from './store.ts'
import { storeDeps } from './store-deps.fixture.ts'

const accountId = 'acme'
const outbox = [{ consumer: 'bot', orderingKey: 'c1', facts: {}, lease: true }]
const ROWS = 200

/** How every PostgreSQL must find what commits read, whatever its tables held before. */
export function describePlans(name: string, templateUrl: () => string): void {
  describe(`plans on ${name}`, () => {
    test('rows of a queue are found by the right index after it was tidied up while it was empty', async () => {
      await using database = await cloneDatabase(templateUrl())
      await using watching = await openStore(storeDeps, { kind: 'given', url: database.url })
      await insertAndEnd(database.url)
      await sql`vacuum outbox`.execute(watching.db)
      expect(await estimatedRows(watching)).toBe(0)
      const before = await reads(watching)

      await insertAndEnd(database.url)

      await expect
        .poll(async () => grown(before, await reads(watching)))
        .toMatchObject({ outbox_pkey: { scans: ROWS }, outbox_of_key: { scans: 0 } })
    })

    test('what looks for work is not compiled', async () => {
      await using database = await cloneDatabase(templateUrl())
      await using store = await openStore(storeDeps, { kind: 'given', url: database.url })
      const { dueRows, dueTimers, nextDue } = store.procedures
      const client = new pg.Client(database.url)
      const plans: (string | undefined)[] = []
      client.on('notice', ({ message }) => plans.push(message))
      await client.connect()
      await client.query(
        `load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on;
        set auto_explain.log_nested_statements = on; set client_min_messages = log`,
      )
      const [at, names] = [new Date(0), ['bot', 'mail']]
      for (const { name: look } of [dueRows, dueTimers]) {
        await client.query(`select ${look}($1, $2, '{}', 10)`, [at, names])
      }
      await client.query(`select ${nextDue.name}($1, 'infinity', $2, $2)`, [at, names])
      await client.end()

      expect(plans.join('\n')).toContain('outbox_due_of_consumer')
      expect(plans.join('\n')).not.toContain('JIT:')
    })

    test('a row of an ordering key costs no more for those before it, though an old transaction keeps them', async () => {
      await using database = await cloneDatabase(templateUrl())
      await using watching = await openStore(storeDeps, { kind: 'given', url: database.url })
      const before = await reads(watching)

      await watching.db.transaction().execute(async (tx) => {
        await sql`set transaction isolation level repeatable read`.execute(tx)
        await sql`select from outbox`.execute(tx)
        await insertAndEnd(database.url)
      })

      const walked = async () => grown(before, await reads(watching))['outbox_ordering_key']
      await expect.poll(async () => (await walked())?.scans).toBe(2 * ROWS)
      expect((await walked())?.read).toBeLessThan(2 * ROWS)
    })
  })
}

/** One row after the other with the same ordering key, by connections that report their statistics when they end. */
async function insertAndEnd(url: string): Promise<void> {
  await using store = await openStore(storeDeps, { kind: 'given', url })
  for (let row = 0; row < ROWS; row += 1) {
    const outcome = await store.commit({ accountId, documents: [], outbox })
    const outboxId = outcome.status === 'applied' ? (outcome.outbox[0]?.id ?? 0) : 0
    const completesRow = { outboxId, consumer: 'bot' }
    expect(await store.commit({ accountId, documents: [], completesRow })).toMatchObject({
      status: 'applied',
    })
  }
}

async function estimatedRows({ db }: Store): Promise<number | undefined> {
  const { rows } = await sql<{ estimate: number }>`
    select reltuples::int as estimate from pg_class where oid = 'outbox'::regclass`.execute(db)
  return rows[0]?.estimate
}

interface Reads {
  scans: number
  read: number
}

/** Of the indexes of the outbox: how often each was looked into, and how many of its entries were read. */
async function reads({ db }: Store): Promise<Record<string, Reads>> {
  const { rows } = await sql<{ name: string; scans: number; read: number }>`
    select indexrelname as name, idx_scan::int as scans, idx_tup_read::int as read from pg_stat_user_indexes
      where relname = 'outbox'`.execute(db)
  return Object.fromEntries(rows.map(({ name, ...of }) => [name, of]))
}

function grown(before: Record<string, Reads>, after: Record<string, Reads>) {
  return Object.fromEntries(
    Object.entries(after).map(([name, { scans, read }]) => [
      name,
      { scans: scans - (before[name]?.scans ?? 0), read: read - (before[name]?.read ?? 0) },
    ]),
  )
}
