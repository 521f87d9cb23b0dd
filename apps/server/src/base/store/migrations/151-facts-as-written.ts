import { type Kysely, sql } from 'kysely'
import { lockTables } from './lock-tables.ts'

/**
 * The facts of an outbox row stay the text that a node has written: PostgreSQL would take JSONB apart and put it together, and nearly all
 * rows are deleted without having been read. What earlier nodes insert becomes such text by itself.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await lockTables(db, ['outbox'])
  await sql`alter table outbox alter column facts type json`.execute(db)
}
