import { sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { messageOf } from '#base/kernel'
import type { Db } from './db.ts'
import { migrations } from './migrations/index.ts'

/**
 * Brings the schema up to this code. Safe when several nodes start at once.
 * @param openPatient opens connections that wait for a statement as long as it takes
 * @throws an `Error` with one clear line when the schema is of a newer Parley
 */
export async function migrate(db: Db, openPatient: () => Db): Promise<void> {
  const executed = await executedMigrations(db)
  const unknown = executed.filter((name) => !(name in migrations))
  if (unknown.length > 0) {
    throw new Error(
      `Cannot start: the database is of a newer version of Parley (it has ${unknown.join(', ')}): start that version, or restore a backup of this one`,
    )
  }
  if (executed.length === Object.keys(migrations).length) return
  await using patient = openPatient()
  const migrator = new Migrator({
    db: patient,
    provider: { getMigrations: async () => migrations },
    // Areas have ranges of numbers: a migration may be newer than one with a higher number.
    allowUnorderedMigrations: true,
    migrationTableName: 'schema_migration',
    migrationLockTableName: 'schema_migration_lock',
  })
  const { error } = await migrator.migrateToLatest()
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
