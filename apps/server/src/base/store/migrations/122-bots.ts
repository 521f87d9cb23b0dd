import { type Kysely, sql } from 'kysely'

/** Bots that this server runs, what each kind of them keeps of its own, and what failed in them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create table bot_agent (
      account_id text not null references account on delete cascade,
      bot_id text not null,
      kind text not null,
      user_id text not null,
      pid text not null,
      name text not null,
      state text not null,
      settings jsonb not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (account_id, bot_id),
      unique (account_id, user_id)
    )`,
    sql`create table bot_error (
      account_id text not null references account on delete cascade,
      bot_id text not null,
      error_id uuid not null,
      position bigint not null generated always as identity,
      name text not null,
      conversation_id text not null,
      at timestamptz not null,
      primary key (account_id, error_id)
    )`,
    sql`create index bot_error_newest on bot_error (account_id, bot_id, position desc)`,
    sql`create index bot_error_conversation on bot_error (account_id, conversation_id)`,
    sql`create table connector (
      account_id text not null,
      connector_id text not null,
      definition jsonb not null,
      sealed_secret text,
      primary key (account_id, connector_id),
      foreign key (account_id, connector_id) references bot_agent on delete cascade
    )`,
  ]) {
    await statement.execute(db)
  }
}
