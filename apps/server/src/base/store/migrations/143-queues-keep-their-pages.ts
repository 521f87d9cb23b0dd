import { type Kysely, sql } from 'kysely'

/**
 * What waits comes and goes at the end of its table: giving these pages back to the system locks the table for so long, and they are needed
 * again at once.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table outbox set (vacuum_truncate = false)`.execute(db)
  await sql`alter table timer set (vacuum_truncate = false)`.execute(db)
}
