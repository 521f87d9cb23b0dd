import { type Kysely, sql } from 'kysely'

/**
 * Survey runs are listed by the columns of 060, too. Their own indexes were on expressions of `state`, which made every update
 * of every document write to every index.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`drop index survey_run, survey_run_of_conversation`,
    sql`alter table document drop column list_at, drop column list_of`,
    sql`alter table document
      add column list_at bigint generated always as
        ((case kind when 'chat' then state->>'startedAt' when 'mail' then state->>'createdAt'
          when 'survey-run' then state->>'startedAt' end)::bigint) stored,
      add column list_of text generated always as
        (case kind when 'mail' then state->>'chatId' when 'survey-run' then state->>'conversationId' end) stored`,
    sql`create index document_listed on document (account_id, kind, list_at, id) where list_at is not null`,
    sql`create index document_listed_by_state on document
      (account_id, kind, list_state, list_at, id) where list_state is not null`,
    sql`create index document_listed_of on document (account_id, kind, list_of) where list_of is not null`,
  ]) {
    await statement.execute(db)
  }
}
