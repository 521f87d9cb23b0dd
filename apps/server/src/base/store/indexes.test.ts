import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { cloneDatabase } from '#base/postgres'
import type { Db } from './db.ts'
import { buildIndexes } from './indexes.ts'
import { openStore } from './open.ts'
import { storeDeps } from './store-deps.fixture.ts'

async function isValid(db: Db, name: string): Promise<boolean | undefined> {
  const { rows } = await sql<{ isValid: boolean }>`
    select indisvalid as is_valid from pg_index where indexrelid = to_regclass(${name})`.execute(db)
  return rows[0]?.isValid
}

test('an index that is missing is built beside a dump: the start goes on, and it is there when the dump has ended', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  const dump = new pg.Client(database.url)
  await dump.connect()
  await using _closing = { [Symbol.asyncDispose]: () => dump.end() }
  await dump.query('drop index timer_of_conversation')
  await dump.query('begin isolation level repeatable read; select from timer')

  await using store = await openStore(storeDeps, { kind: 'given', url: database.url })

  expect(await isValid(store.db, 'timer_of_conversation')).not.toBe(true)
  await dump.query('commit')
  await buildIndexes(store.maintenance, storeDeps.logger)
  expect(await isValid(store.db, 'timer_of_conversation')).toBe(true)
})

test('an index that was replaced goes when the other one is there, beside a dump: the start goes on, and the next look removes it', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  const dump = new pg.Client(database.url)
  await dump.connect()
  await using _closing = { [Symbol.asyncDispose]: () => dump.end() }
  await dump.query('create index outbox_lane on outbox (lane_hash, id)')
  await dump.query('begin isolation level repeatable read; select from outbox')

  await using store = await openStore(storeDeps, { kind: 'given', url: database.url })

  expect(await isValid(store.db, 'outbox_ordering_key')).toBe(true)
  await dump.query('commit')
  await buildIndexes(store.maintenance, storeDeps.logger)
  expect(await isValid(store.db, 'outbox_lane')).toBe(undefined)
})

test('no column is generated from others: its expression would be read and planned anew in each statement that writes the table', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  await using store = await openStore(storeDeps, { kind: 'given', url: database.url })

  const { rows } = await sql`
    select attrelid::regclass::text as of, attname as name from pg_attribute
    where attgenerated <> '' and attrelid in (select oid from pg_class where relkind in ('r', 'p'))`.execute(
    store.db,
  )

  expect(rows).toEqual([])
})

test('each constraint whose refusals are mapped is in the database, by that name', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  await using store = await openStore(storeDeps, { kind: 'given', url: database.url })
  const root = join(import.meta.dirname, '../..')
  const names = globSync('**/*.ts', { cwd: root })
    .map((path) => readFileSync(join(root, path), 'utf8'))
    .filter((text) => text.includes('mapConstraintErrors('))
    .flatMap((text) =>
      [...text.matchAll(/(?:^ +|\{ )([a-z]\w+): \(cause\b/gm)].map(([, name = '']) => name),
    )

  const { rows } = await sql<{ name: string }>`
    select conname::text as name from pg_constraint union select indexname::text from pg_indexes`.execute(
    store.db,
  )

  expect(names.length).toBeGreaterThan(6)
  expect(names.filter((name) => !rows.some((row) => row.name === name))).toEqual([])
})
