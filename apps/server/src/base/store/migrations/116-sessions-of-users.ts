import { type Kysely, sql } from 'kysely'

/** A log-in ends the oldest sessions of its user when there are too many. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index login_session_of_user on login_session (account_id, user_id, sequence)`.execute(
    db,
  )
}
