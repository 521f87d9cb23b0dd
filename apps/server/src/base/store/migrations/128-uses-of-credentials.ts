import { type Kysely, sql } from 'kysely'

/** When a key or an application was used last: what nobody uses can be ended. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table api_key add column last_used_at timestamptz`.execute(db)
  await sql`alter table oauth_client add column last_used_at timestamptz`.execute(db)
}
