import { type Kysely, sql } from 'kysely'

/** What the check of a source warned of is kept with the version, so that nobody who reads a function has it checked again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table function_version add column warnings jsonb`.execute(db)
}
