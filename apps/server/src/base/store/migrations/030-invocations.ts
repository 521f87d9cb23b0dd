import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table invocation (
      account_id text not null,
      started_at timestamptz not null,
      record_id uuid not null,
      invocation_id text not null,
      function_id uuid not null,
      deployment_id uuid,
      version int not null,
      event_id text,
      skill_id text,
      conversation_id text,
      source text not null,
      attempt int not null,
      duration_ms double precision not null,
      outcome text not null,
      error_code text,
      error_message text,
      stack text,
      cold_start boolean not null,
      commands jsonb,
      input jsonb,
      result jsonb,
      outgoing jsonb,
      primary key (account_id, started_at, record_id)
    ) partition by range (started_at)`.execute(db)
  await sql`
    create index invocation_of_function on invocation (account_id, function_id, started_at)`.execute(
    db,
  )
  await sql`
    create index invocation_of_conversation on invocation (account_id, conversation_id)
    where conversation_id is not null`.execute(db)
  await sql`create table invocation_default partition of invocation default`.execute(db)
  await sql`
    create table invocation_bundle (
      account_id text not null,
      function_id uuid not null,
      first_at timestamptz not null,
      last_at timestamptz not null,
      bundle_id uuid not null,
      heads text not null,
      primary key (account_id, last_at, bundle_id)
    ) partition by range (last_at)`.execute(db)
  // Thousands of heads per second: compressing them would cost more than the space is worth.
  await sql`alter table invocation_bundle alter column heads set storage external`.execute(db)
  await sql`
    create index invocation_bundle_of_function on invocation_bundle (account_id, function_id, last_at)`.execute(
    db,
  )
  await sql`
    create table invocation_bundle_default partition of invocation_bundle default`.execute(db)
  await sql`
    create table log_entry (
      account_id text not null,
      at timestamptz not null,
      record_id uuid not null,
      position int not null,
      invocation_id text not null,
      function_id uuid not null,
      conversation_id text,
      level text not null,
      message text not null,
      extras jsonb not null,
      primary key (account_id, at, record_id, position)
    ) partition by range (at)`.execute(db)
  await sql`
    create index log_entry_of_function on log_entry (account_id, function_id, at)`.execute(db)
  await sql`
    create index log_entry_of_conversation on log_entry (account_id, conversation_id)
    where conversation_id is not null`.execute(db)
  await sql`create table log_entry_default partition of log_entry default`.execute(db)
  await sql`
    create table invocation_minute (
      account_id text not null,
      function_id uuid not null,
      minute timestamptz not null,
      succeeded int not null,
      coding_failure int not null,
      platform_failure int not null,
      timeout int not null,
      unkown int not null,
      cold_starts int not null,
      duration_sum_ms double precision not null,
      latency int[] not null,
      primary key (account_id, function_id, minute)
    )`.execute(db)
}
