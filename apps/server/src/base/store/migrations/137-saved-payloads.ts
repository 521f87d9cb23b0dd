import { type Kysely, sql } from 'kysely'

/** Inputs that authors keep to try a function with. Without an owner they are for all who work on it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create table saved_payload (
      account_id text not null,
      payload_id uuid not null,
      function_id uuid not null,
      owner text,
      name text not null,
      payload jsonb not null,
      created_at timestamptz not null,
      created_by text not null,
      primary key (account_id, payload_id),
      foreign key (account_id, function_id) references function on delete cascade
    )`,
    sql`create unique index saved_payload_name on saved_payload (account_id, function_id, coalesce(owner, ''), name)`,
  ]) {
    await statement.execute(db)
  }
}
