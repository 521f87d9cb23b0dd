import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { anotherScene, startTestServer } from '#testing'
import { KEPT_DOCUMENTS, KEPT_TABLES, keptAsMarkdown, keptInShort } from '#server/privacy'
import { fill } from './filled-account.fixture.ts'

const KEPT_DATA = join(import.meta.dirname, '../../../../../docs/kept-data.md')
/** Of the migrator. */
const OTHERS = ['schema_migration', 'schema_migration_lock']

test('every table and every kind of document says how long its rows are kept', async () => {
  await using server = await startTestServer()
  await fill(await anotherScene(server))
  const { db } = server.context.store
  const tables = await sql<{ name: string }>`
    select i.table_name as name from information_schema.tables i
    join pg_class c on c.relname = i.table_name and c.relnamespace = 'public'::regnamespace
    where i.table_schema = 'public' and i.table_type = 'BASE TABLE' and not c.relispartition`.execute(
    db,
  )
  const snake = (name: string) => name.replaceAll(/[A-Z]/g, (sign) => `_${sign.toLowerCase()}`)
  const declared = new Set([...Object.keys(KEPT_TABLES).map(snake), ...OTHERS])
  expect(tables.rows.map(({ name }) => name).filter((name) => !declared.has(name))).toEqual([])
  expect(declared.size).toBe(tables.rows.length)

  const kinds = await db.selectFrom('document').select('kind').distinct().execute()
  expect(kinds.length).toBeGreaterThan(2)
  expect(kinds.map(({ kind }) => kind).filter((kind) => !(kind in KEPT_DOCUMENTS))).toEqual([])
})

test('the table of what is kept is the one of the code', () => {
  expect(readFileSync(KEPT_DATA, 'utf8')).toContain(keptAsMarkdown())
})

test('what a first start says of it names the days', () => {
  expect(keptInShort().join('\n')).toMatch(/Conversations for ever.*visitors 400 days[^]*audit 400/)
})
