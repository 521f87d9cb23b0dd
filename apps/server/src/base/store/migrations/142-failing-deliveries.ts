import { type Kysely, sql } from 'kysely'

/** Finds what has failed among all that waits: few rows, so the indexes stay small. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index outbox_failing on outbox (account_id, run_at) where failures > 0`.execute(
    db,
  )
  await sql`create index timer_failing on timer (account_id, run_at) where failures > 0`.execute(db)
}
