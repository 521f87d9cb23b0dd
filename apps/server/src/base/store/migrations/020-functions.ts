import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table function (
      account_id text not null,
      function_id uuid not null,
      name text not null,
      description text not null,
      event_id text,
      skills jsonb not null default '[]',
      sample_payload jsonb not null,
      state text not null,
      version int not null,
      live_deployment_id uuid,
      live_version int,
      size int not null,
      created_at timestamptz not null,
      created_by text not null,
      updated_at timestamptz not null,
      updated_by text not null,
      sequence bigint not null generated always as identity,
      primary key (account_id, function_id),
      unique (account_id, name)
    )`.execute(db)
  await sql`
    create index function_live on function (account_id) where live_deployment_id is not null`.execute(
    db,
  )
  await sql`
    create table function_version (
      account_id text not null,
      function_id uuid not null,
      version int not null,
      description text not null,
      code text not null,
      language text not null,
      compiled text,
      source_map text,
      delivers text not null,
      dependencies jsonb not null default '[]',
      environment jsonb not null default '[]',
      restored_from int,
      created_at timestamptz not null,
      created_by text not null,
      primary key (account_id, function_id, version),
      foreign key (account_id, function_id) references function on delete cascade
    )`.execute(db)
  await sql`
    create table deployment (
      account_id text not null,
      deployment_id uuid not null,
      function_id uuid not null,
      name text not null,
      version int not null,
      state text not null,
      error jsonb,
      rollback_of uuid,
      created_at timestamptz not null,
      created_by text not null,
      updated_at timestamptz not null,
      updated_by text not null,
      deployed_at timestamptz,
      sequence bigint not null generated always as identity,
      primary key (account_id, deployment_id),
      foreign key (account_id, function_id) references function on delete cascade
    )`.execute(db)
  await sql`
    create index deployment_of_function on deployment (account_id, function_id, sequence)`.execute(
    db,
  )
  await sql`
    create table event_slot (
      account_id text not null,
      event_id text not null,
      primary key (account_id, event_id)
    )`.execute(db)
}
