import { type Kysely, sql } from 'kysely'

/** What replays of invocations need, in daily partitions as their records; and the account's policy by its new name. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create table recording (
      account_id text not null,
      started_at timestamptz not null,
      record_id uuid not null,
      function_id uuid not null,
      conversation_id text,
      recording jsonb not null,
      draws text,
      primary key (account_id, started_at, record_id)
    ) partition by range (started_at)`,
    sql`create index recording_of_conversation on recording (account_id, conversation_id)
      where conversation_id is not null`,
    sql`update account_settings
      set changed = jsonb_set(changed, '{recordings}', (changed->'recordings') - 'events' - 'failures' || case
        when changed->'recordings'->>'events' <> 'false' or changed->'recordings'->>'events' is null then '{}'
        when changed->'recordings'->>'failures' = 'false' then '{"policy": "off"}'
        else '{"policy": "errors"}' end::jsonb)
      where changed->'recordings' ?| array['events', 'failures']`,
  ]) {
    await statement.execute(db)
  }
}
