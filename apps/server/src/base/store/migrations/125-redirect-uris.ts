import { type Kysely, sql } from 'kysely'

/** How applications get tokens, and where browsers may be sent with authorization codes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table oauth_client
      add column grant_types text[] not null default '{client_credentials}',
      add column redirect_uris text[] not null default '{}'`.execute(db)
}
