import { type Kysely, sql } from 'kysely'

/** Sessions that a key or an application has opened end with it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table login_session add column login_key text`.execute(db)
}
