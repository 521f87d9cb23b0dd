import { type Kysely, sql } from 'kysely'

/** Bots of Conversation Builder: what an account has set for them, and each export that was imported. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create table builder_bot (
      account_id text not null,
      bot_id text not null,
      export_id text not null,
      revision integer not null,
      skill_map jsonb not null,
      answers jsonb not null,
      primary key (account_id, bot_id),
      unique (account_id, export_id),
      foreign key (account_id, bot_id) references bot_agent on delete cascade
    )`,
    sql`create table builder_bot_revision (
      account_id text not null,
      bot_id text not null,
      revision integer not null,
      file text not null,
      created_at timestamptz not null,
      primary key (account_id, bot_id, revision),
      foreign key (account_id, bot_id) references builder_bot on delete cascade
    )`,
  ]) {
    await statement.execute(db)
  }
}
