import { type Kysely, sql } from 'kysely'

/**
 * What the OAuth2 server remembers: requests of browsers, their log-ins, what users have let applications do, codes and
 * refresh tokens. It ends with its user and its application.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table grant_item (
      account_id text not null references account on delete cascade,
      kind text not null,
      id text not null,
      session_id text,
      grant_id text,
      user_id text,
      client_id text,
      payload_box text not null,
      consumed_at timestamptz,
      expires_at timestamptz not null,
      primary key (account_id, kind, id),
      foreign key (account_id, user_id) references account_user on delete cascade,
      foreign key (account_id, client_id) references oauth_client on delete cascade
    )`.execute(db)
  await sql`create index grant_item_grant on grant_item (account_id, grant_id)`.execute(db)
  await sql`create index grant_item_user on grant_item (account_id, user_id)`.execute(db)
  await sql`create index grant_item_client on grant_item (account_id, client_id)`.execute(db)
  await sql`create index grant_item_expiry on grant_item (account_id, kind, expires_at)`.execute(db)
}
