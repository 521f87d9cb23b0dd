import { type Kysely, sql } from 'kysely'

/** Jobs that repeat many runs of a function, and what became of each run. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create table replay_job (
      account_id text not null,
      job_id uuid not null,
      function_id uuid not null,
      state text not null,
      problem text,
      against jsonb not null,
      calls text not null,
      version int,
      started_at timestamptz not null,
      ended_at timestamptz,
      started_by text not null,
      primary key (account_id, job_id)
    )`,
    sql`create unique index replay_job_running on replay_job (account_id, function_id) where state = 'running'`,
    sql`create table replayed_run (
      account_id text not null,
      job_id uuid not null,
      position int not null,
      record_id uuid not null,
      recorded_at timestamptz not null,
      conversation_id text,
      state text not null default 'waiting',
      reason text,
      recorded_version int,
      version int,
      outcome text,
      duration_ms double precision,
      difference_count int not null default 0,
      details jsonb,
      primary key (account_id, job_id, position),
      foreign key (account_id, job_id) references replay_job on delete cascade
    )`,
    sql`create index replayed_run_waiting on replayed_run (account_id, job_id, position) where state = 'waiting'`,
    sql`create index replayed_run_of_conversation on replayed_run (account_id, conversation_id)
      where conversation_id is not null`,
    sql`create index replayed_run_with_details on replayed_run (account_id, recorded_at) where details is not null`,
  ]) {
    await statement.execute(db)
  }
}
