import { type Kysely, sql } from 'kysely'

/**
 * Documents that are listed by a state and a time, or by what they belong to. Indexes are on columns and never on expressions
 * of `state`: those would make every update of every kind write to every index.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`alter table document
      add column list_state text generated always as
        (case kind when 'chat' then state->>'stage' when 'mail' then state->>'state' end) stored,
      add column list_at bigint generated always as
        ((case kind when 'chat' then state->>'startedAt' when 'mail' then state->>'createdAt' end)::bigint) stored,
      add column list_of text generated always as
        (case kind when 'mail' then state->>'chatId' end) stored`,
    sql`create index document_listed on document (account_id, kind, list_at, id) where list_at is not null`,
    sql`create index document_listed_by_state on document
      (account_id, kind, list_state, list_at, id) where list_state is not null`,
    sql`create index document_listed_of on document (account_id, kind, list_of) where list_of is not null`,
  ]) {
    await statement.execute(db)
  }
}
