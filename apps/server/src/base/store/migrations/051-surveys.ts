import { type Kysely, sql } from 'kysely'

/** Definitions of surveys. Surveys under way, with their answers, are documents of kind `survey-run`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create table survey (
      account_id text not null,
      survey_id bigint not null generated always as identity (start with 3000000001),
      revision int not null,
      app_install_id uuid not null,
      definition jsonb not null,
      deleted boolean not null default false,
      updated_at timestamptz not null,
      primary key (account_id, survey_id)
    )`,
    sql`create table survey_revision (
      account_id text not null,
      survey_id bigint not null,
      revision int not null,
      definition jsonb not null,
      created_at timestamptz not null,
      primary key (account_id, survey_id, revision)
    )`,
    sql`create table survey_skill (
      account_id text not null,
      skill_id text not null,
      survey_id bigint not null,
      primary key (account_id, skill_id)
    )`,
    sql`create index survey_run on document (account_id, ((state->>'startedAt')::bigint), id)
      where kind = 'survey-run'`,
    sql`create index survey_run_of_conversation on document (account_id, (state->>'conversationId'))
      where kind = 'survey-run'`,
  ]) {
    await statement.execute(db)
  }
}
