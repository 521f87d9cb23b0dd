import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { systemClock } from '#base/kernel'
import { cloneDatabase } from '#base/postgres'
import type { Db } from './db.ts'
import { migrations } from './migrations/index.ts'
import { RELEASED } from './migrations/released.fixture.ts'
import { openPlainDb } from './plain-db.fixture.ts'

type Row = Record<string, unknown>

/** What the machine's clock wrote into the rows, by which a server forgets nodes and lanes after a day: it is of this moment here. */
const BY_THE_MACHINE = /2026-11-20T[\d:.]+\+00:00/g
const NOW = `${new Date(systemClock().now()).toISOString().slice(0, 19)}+00:00`

/**
 * What version 0.1.0 left in its tables: an ended conversation and one that waits, with an event that is not delivered yet; a
 * live chat with its transcript; functions, and what their invocations left behind. Keys, and the account that a first start makes, are not
 * part of it.
 */
export const FIRST_VERSION = JSON.parse(
  readFileSync(join(import.meta.dirname, 'version-0.1.0.fixture.json'), 'utf8').replaceAll(
    BY_THE_MACHINE,
    NOW,
  ),
) as {
  accountId: string
  conversations: { ended: string; waiting: string }
  rows: Record<string, Row[]>
}

/** A database as version 0.1.0 left it: its migrations, its stored procedure and its rows. */
export async function databaseOfFirstVersion(
  templateUrl: string,
  /** Tables that stay empty. */
  omitted: readonly string[] = [],
): Promise<AsyncDisposable & { url: string }> {
  await using opened = new AsyncDisposableStack()
  const empty = new URL(templateUrl)
  empty.pathname = '/template0'
  const database = opened.use(await cloneDatabase(empty.href))
  const db = openPlainDb(database.url, { max: 1 })
  try {
    await migrateToFirstVersion(db)
    // Tables come in the order of their names, not of their references.
    await sql`set session_replication_role = replica`.execute(db)
    for (const [table, rows] of Object.entries(FIRST_VERSION.rows)) {
      if (!omitted.includes(table)) await insert(db, table, rows)
    }
    for (const sequence of ['outbox_id', 'timer_generation']) {
      await sql`select setval(${sequence}, 1000)`.execute(db)
    }
  } finally {
    await db.destroy()
  }
  const resources = opened.move()
  return { url: database.url, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

/** The rows of a table as JSON, in the order of their text. */
export async function rowsOf(db: Db, table: string): Promise<Row[]> {
  const { rows } = await sql<{ row: Row }>`
    select to_jsonb(t) as row from ${sql.table(table)} t order by to_jsonb(t)::text`.execute(db)
  return rows.map(({ row }) => row)
}

async function migrateToFirstVersion(db: Db): Promise<void> {
  const released = Object.entries(migrations).filter(([name]) => `${name}.ts` in RELEASED)
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => Object.fromEntries(released) },
    allowUnorderedMigrations: true,
    migrationTableName: 'schema_migration',
    migrationLockTableName: 'schema_migration_lock',
  }).migrateToLatest()
  if (error) throw new Error('The first version cannot be made', { cause: error })
}

async function insert(db: Db, table: string, rows: readonly Row[]): Promise<void> {
  const columns = sql.join(Object.keys(rows[0] ?? {}).map((name) => sql.ref(name)))
  await sql`
    insert into ${sql.table(table)} (${columns}) overriding system value
      select ${columns} from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb)`.execute(
    db,
  )
}
