import { type Kysely, sql } from 'kysely'

/** Errors of bots say what was wrong. Those of nodes of version 0.1.0 have a name only. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table bot_error add column reason text`.execute(db)
}
