import { type Kysely, sql } from 'kysely'

/** What the operator does with whole accounts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`alter table account
      add column name text not null default '',
      add column suspended_at timestamptz,
      add column ending_at timestamptz`,
    sql`create index account_suspended on account (account_id) where suspended_at is not null`,
    // Outlives the accounts that it names.
    sql`create table operator_entry (
      entry_id bigint generated always as identity primary key,
      at timestamptz not null,
      account_id text not null,
      action text not null,
      address text,
      via text,
      details jsonb not null
    )`,
    sql`create index operator_entry_account on operator_entry (account_id, entry_id)`,
  ]) {
    await statement.execute(db)
  }
}
