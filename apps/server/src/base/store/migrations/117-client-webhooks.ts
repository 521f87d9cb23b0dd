import { type Kysely, sql } from 'kysely'

/**
 * Applications get webhooks, which are signed with their secret: from now on it is sealed. Of an application made before only the
 * digest is known, so that its webhook needs a new secret.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table oauth_client
    add column secret_box text,
    add column old_secrets jsonb not null default '[]',
    add column webhook jsonb`.execute(db)
}
