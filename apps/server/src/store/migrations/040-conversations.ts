import { type Kysely, sql } from 'kysely'

/** What lists and routing look for in a conversation's state, as columns that follow it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table conversation
      add column consumer_id text generated always as (state->>'consumerId') stored,
      add column skill_id text generated always as (state->>'skillId') stored,
      add column stage text generated always as (state->>'stage') stored,
      add column assigned_agent_id text generated always as (state->>'assignedAgentId') stored,
      add column suggested_agent_id text generated always as (state->'suggestion'->>'userId') stored,
      add column waiting_since bigint generated always as ((state->>'waitingSince')::bigint) stored,
      add column started_at_ms bigint generated always as ((state->>'startedAt')::bigint) stored,
      add column updated_at_ms bigint generated always as ((state->>'updatedAt')::bigint) stored
  `.execute(db)
  await sql`create index conversation_of_consumer on conversation (account_id, consumer_id)`.execute(db)
  await sql`
    create index conversation_waiting on conversation (account_id, skill_id, waiting_since)
    where waiting_since is not null`.execute(db)
  await sql`
    create index conversation_of_agent on conversation (account_id, assigned_agent_id)
    where assigned_agent_id is not null`.execute(db)
  await sql`create index conversation_open on conversation (account_id) where stage = 'OPEN'`.execute(db)
  await sql`create index conversation_started on conversation (account_id, started_at_ms)`.execute(db)
}
