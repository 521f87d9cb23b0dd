import { type Kysely, sql } from 'kysely'
import { applyOperations } from './apply-operations-001.ts'

/** Rows up to 8 KB stay in their page, uncompressed: compressing a state costs more than the rest of its commit. */
const INLINE = sql`toast_tuple_target = 8160`

/** Conversations and documents with their versions, messages, outbox, timers, and the function that commits them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    // The columns after the state follow it. `apply_operations` sets them: generated columns would double what a commit costs.
    sql`create table conversation (
      account_id text not null,
      conversation_id text not null,
      version bigint not null,
      state jsonb not null,
      consumer_id text,
      skill_id text,
      stage text,
      assigned_agent_id text,
      suggested_agent_id text,
      waiting_since bigint,
      started_at_ms bigint,
      updated_at_ms bigint,
      primary key (account_id, conversation_id)
    ) with (${INLINE}, fillfactor = 80)`,

    sql`create table message (
      account_id text not null,
      conversation_id text not null,
      dialog_id text not null,
      sequence bigint not null,
      at timestamptz not null,
      request_key text,
      body jsonb not null,
      primary key (account_id, conversation_id, dialog_id, sequence)
    )`,
    sql`create unique index message_request on message (account_id, request_key) where request_key is not null`,

    sql`create table document (
      account_id text not null,
      kind text not null,
      id text not null,
      version bigint not null,
      state jsonb not null,
      primary key (account_id, kind, id)
    ) with (${INLINE}, fillfactor = 80)`,

    sql`create sequence outbox_id`,
    sql`create table outbox (
      account_id text not null,
      id bigint not null default nextval('outbox_id'),
      consumer text not null,
      lane text not null,
      lane_hash int not null,
      facts jsonb not null,
      head boolean not null,
      run_at timestamptz not null,
      created_at timestamptz not null,
      first_attempt_at timestamptz,
      starts int not null default 0,
      failures int not null default 0,
      leased_by text,
      leased_until timestamptz,
      primary key (account_id, id)
    ) with (${INLINE}, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000)`,
    // Not by the account: the planner, who knows nothing of a table that is mostly empty, could take any index that starts with it.
    sql`create index outbox_lane on outbox (lane_hash, id)`,
    sql`create index outbox_due on outbox (run_at) where head`,

    sql`create sequence timer_generation`,
    sql`create table timer (
      account_id text not null,
      kind text not null,
      key text not null,
      generation bigint not null default nextval('timer_generation'),
      facts jsonb not null,
      due_at timestamptz not null,
      run_at timestamptz not null,
      first_attempt_at timestamptz,
      starts int not null default 0,
      failures int not null default 0,
      leased_by text,
      leased_until timestamptz,
      primary key (account_id, kind, key)
    ) with (${INLINE}, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000)`,
    sql`create index timer_due on timer (run_at)`,

    sql`create table dead_letter (
      account_id text not null,
      id bigint generated always as identity,
      source text not null,
      name text not null,
      lane text not null,
      facts jsonb not null,
      attempts int not null,
      first_attempt_at timestamptz not null,
      dead_at timestamptz not null,
      cause text not null,
      primary key (account_id, id)
    )`,

    sql`create table commit_lane (
      id text primary key,
      batch bigint not null default 0,
      outcomes jsonb not null default '{}',
      used_at timestamptz not null default clock_timestamp()
    ) with (fillfactor = 20)`,

    applyOperations,
  ]) {
    await statement.execute(db)
  }
}
