import { sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { messageOf, sayWhile } from '#base/kernel'
import type { Base } from './base.ts'
import type { Db } from './db.ts'
import { migrations } from './migrations/index.ts'

/**
 * Brings the schema up to this code. Safe when several nodes start at once.
 * @param openPatient opens connections of this name that wait for a statement as long as it takes
 * @throws an `Error` with one clear line when the schema is of a newer Parley
 */
export async function migrate(
  { ids, logger, monotonic }: Pick<Base, 'ids' | 'logger' | 'monotonic'>,
  db: Db,
  openPatient: (name: string) => Db,
): Promise<void> {
  const executed = await executedMigrations(db)
  const unknown = executed.filter((name) => !(name in migrations))
  if (unknown.length > 0) {
    throw new Error(
      `Cannot start: the database is of a newer version of Parley (it has ${unknown.join(', ')}): start that version, or restore a backup of this one`,
    )
  }
  if (executed.length === Object.keys(migrations).length) return
  const name = `parley upgrade ${ids.uuid()}`
  await using patient = openPatient(name)
  // The database ends what it does for this process a second after the process. Where its system cannot do that, it ends it later.
  await sql`set client_connection_check_interval = 1000`.execute(patient).catch(() => undefined)
  const migrator = new Migrator({
    db: patient,
    provider: { getMigrations: async () => migrations },
    // Areas have ranges of numbers: a migration may be newer than one with a higher number.
    allowUnorderedMigrations: true,
    migrationTableName: 'schema_migration',
    migrationLockTableName: 'schema_migration_lock',
  })
  const whatFor = async () =>
    `the upgrade of the database's tables${await describeUsers(db, name)}; Ctrl-C ends this start, and the database stays as it was`
  const { error } = await sayWhile({ logger, monotonic }, whatFor, migrator.migrateToLatest())
  if (error) {
    const reason = messageOf(error) + (isForbidden(error) ? TO_GRANT : '')
    throw new Error(`Cannot start: the schema cannot be brought up to date: ${reason}`, {
      cause: error,
    })
  }
}

const TO_GRANT = '; make the role of DATABASE_URL the owner of the database'

function isForbidden(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '42501'
}

async function executedMigrations(db: Db): Promise<string[]> {
  const { rows } = await sql<{ present: boolean }>`
    select to_regclass('schema_migration') is not null as present`.execute(db)
  if (!rows[0]?.present) return []
  const executed = await sql<{ name: string }>`select name from schema_migration`.execute(db)
  return executed.rows.map(({ name }) => name)
}

const MOST = 5

/**
 * Says which sessions have used tables for longer than a moment, such as a dump: whoever wants a table for itself waits for them.
 * @param except the name of the sessions that wait
 */
async function describeUsers(db: Db, except: string): Promise<string> {
  // A role without the right to see more sees names, and no times. From 16384 on, tables are not PostgreSQL's own.
  const { rows } = await sql<{ pid: number; name: string; seconds: number | null }>`
    select pid, application_name as name, extract(epoch from clock_timestamp() - xact_start)::int as seconds
      from pg_stat_activity a
      where datname = current_database() and application_name <> ${except} and pid <> pg_backend_pid()
        and (xact_start is null or xact_start < clock_timestamp() - interval '1 second')
        and exists (select from pg_locks l where l.pid = a.pid and granted and relation >= 16384)
      order by xact_start limit ${MOST}`.execute(db)
  if (rows.length === 0) return ''
  const users = rows.map(({ pid, name, seconds }) => {
    const since = seconds === null ? '' : `, for ${seconds} s`
    return `process ${pid} of the database (${name || 'without a name'}${since})`
  })
  return `, until others have ended what they do with them: ${users.join(', ')}`
}
