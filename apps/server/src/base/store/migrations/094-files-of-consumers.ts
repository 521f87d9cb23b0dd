import { type Kysely, sql } from 'kysely'

/** Whether a consumer has sent a file: consumers have a share of their own. Unknown for files of version 0.1.0. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table file add column from_consumer boolean`.execute(db)
}
