import { type Kysely, sql } from 'kysely'

/** Of the failures of the platform, those of calls that did not run. Nodes of older versions write none. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table invocation_minute add column turned_away int`.execute(db)
}
