import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create table context_key (
      account_id text primary key references account on delete cascade,
      key_digest text not null,
      sealed_key text not null,
      created_at timestamptz not null
    )`,
    sql`create table context_namespace (
      account_id text not null references account on delete cascade,
      namespace text not null,
      ttl_seconds int,
      created_at timestamptz not null,
      primary key (account_id, namespace)
    )`,
    sql`create table context_property (
      account_id text not null,
      namespace text not null,
      session_id text not null,
      name text not null,
      value jsonb not null,
      expires_at timestamptz,
      primary key (account_id, namespace, session_id, name)
    )`,
  ]) {
    await statement.execute(db)
  }
}
