import { type Kysely, sql } from 'kysely'

/** The address of a picture that consumers see beside the name of a user. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table account_user add column picture_url text`.execute(db)
}
