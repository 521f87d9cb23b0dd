import { type Kysely, sql } from 'kysely'

/** How it ended, and how often it was done within a minute. What was noted before was done, once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table audit_entry add column outcome text, add column count integer`.execute(db)
}
