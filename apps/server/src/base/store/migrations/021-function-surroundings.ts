import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table secret (
      account_id text not null,
      name text not null,
      type text not null,
      box text not null,
      version int not null,
      provisioned boolean not null default false,
      created_at timestamptz not null,
      created_by text not null,
      updated_at timestamptz not null,
      updated_by text not null,
      last_used_at timestamptz,
      primary key (account_id, name)
    )`.execute(db)
  await sql`
    create table allowed_domain (
      account_id text not null,
      domain_id int not null generated always as identity,
      domain text not null,
      name text not null,
      created_at timestamptz not null,
      created_by text not null,
      primary key (account_id, domain_id),
      unique (account_id, domain)
    )`.execute(db)
  await sql`
    create table schedule (
      account_id text not null,
      schedule_id uuid not null,
      function_id uuid not null,
      cron_expression text not null,
      time_zone text not null,
      payload jsonb not null,
      active boolean not null,
      paused_by_undeploy boolean not null default false,
      missed_runs text not null,
      next_execution_at timestamptz,
      last_execution_at timestamptz,
      last_execution_failed boolean,
      created_at timestamptz not null,
      created_by text not null,
      updated_at timestamptz not null,
      updated_by text not null,
      primary key (account_id, schedule_id),
      foreign key (account_id, function_id) references function on delete cascade
    )`.execute(db)
  await sql`
    create table schedule_run (
      account_id text not null,
      schedule_id uuid not null,
      due_at timestamptz not null,
      cause text not null,
      invocation_id uuid not null,
      started_at timestamptz not null,
      duration_ms int not null,
      failed boolean not null,
      error_code text,
      primary key (account_id, schedule_id, due_at, invocation_id),
      foreign key (account_id, schedule_id) references schedule on delete cascade
    )`.execute(db)
  await sql`
    create table activity (
      account_id text not null,
      activity_id uuid not null,
      at timestamptz not null,
      actor text not null,
      topic text not null,
      activity text not null,
      description text not null,
      function_id uuid,
      from_version int,
      to_version int,
      sequence bigint not null generated always as identity,
      primary key (account_id, activity_id)
    )`.execute(db)
  await sql`create index activity_by_time on activity (account_id, at desc, sequence desc)`.execute(
    db,
  )
}
