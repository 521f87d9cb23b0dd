import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create table login_session (
      account_id text not null,
      bearer_hash text not null,
      cookie_hash text not null,
      csrf_hash text not null,
      user_id text not null,
      sequence bigint not null generated always as identity,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      primary key (account_id, bearer_hash),
      foreign key (account_id, user_id) references account_user on delete cascade
    )`,
    sql`create unique index login_session_cookie on login_session (account_id, cookie_hash)`,
    sql`create index login_session_user on login_session (account_id, user_id)`,

    sql`create table oauth_client (
      account_id text not null references account on delete cascade,
      client_id text not null,
      secret_digest text not null,
      name text not null,
      scopes text[] not null,
      created_at timestamptz not null,
      created_by text not null,
      primary key (account_id, client_id)
    )`,
    sql`create table api_key (
      account_id text not null references account on delete cascade,
      key_id uuid not null,
      name text not null,
      app_key text not null,
      access_token text not null,
      secret_box text not null,
      access_token_secret_box text not null,
      permissions text[] not null,
      created_at timestamptz not null,
      created_by text not null,
      primary key (account_id, key_id),
      unique (account_id, app_key)
    )`,
    sql`create table used_nonce (
      account_id text not null,
      app_key text not null,
      nonce text not null,
      at timestamptz not null,
      primary key (account_id, app_key, nonce)
    )`,
    sql`create index used_nonce_by_time on used_nonce (at)`,

    sql`create table signing_key (
      account_id text not null references account on delete cascade,
      kid text not null,
      public_jwk jsonb not null,
      private_box text not null,
      created_at timestamptz not null,
      primary key (account_id, kid)
    )`,
    sql`create table token_issuer (
      account_id text not null references account on delete cascade,
      issuer text not null,
      audience text,
      keys jsonb not null,
      created_at timestamptz not null,
      primary key (account_id, issuer)
    )`,
  ]) {
    await statement.execute(db)
  }
}
