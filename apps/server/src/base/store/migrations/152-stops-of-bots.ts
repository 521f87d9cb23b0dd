import { type Kysely, sql } from 'kysely'

/** A start that ends after a stop of the bot changes nothing. Nodes of earlier versions do not write which stop was the last one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table bot_agent add column stop_id text`.execute(db)
}
