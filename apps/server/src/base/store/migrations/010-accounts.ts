import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create table installation (name text primary key, value text not null)`,

    sql`create table account (
      account_id text primary key,
      next_user_id bigint not null default 1001,
      next_skill_id bigint not null default 5001,
      created_at timestamptz not null
    )`,
    sql`create table account_settings (
      account_id text primary key references account on delete cascade,
      changed jsonb not null,
      updated_at timestamptz not null
    )`,

    sql`create table account_user (
      account_id text not null references account on delete cascade,
      user_id text not null,
      pid uuid not null,
      login_name text not null,
      nickname text not null,
      full_name text not null,
      email text,
      kind text not null,
      role text not null,
      profiles text[] not null,
      max_slots int not null,
      enabled boolean not null,
      password_hash text,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (account_id, user_id),
      unique (account_id, pid)
    )`,
    sql`create unique index account_user_login on account_user (account_id, lower(login_name))`,
    sql`create table skill (
      account_id text not null references account on delete cascade,
      skill_id text not null,
      name text not null,
      description text not null,
      created_at timestamptz not null,
      primary key (account_id, skill_id)
    )`,
    sql`create unique index skill_name on skill (account_id, lower(name))`,
    sql`create table user_skill (
      account_id text not null,
      user_id text not null,
      skill_id text not null,
      primary key (account_id, user_id, skill_id),
      foreign key (account_id, user_id) references account_user on delete cascade,
      foreign key (account_id, skill_id) references skill on delete cascade
    )`,
    sql`create table work_calendar (
      account_id text not null references account on delete cascade,
      owner text not null,
      calendar jsonb not null,
      updated_at timestamptz not null,
      primary key (account_id, owner)
    )`,

    sql`create table audit_entry (
      account_id text not null,
      at timestamptz not null,
      audit_id uuid not null,
      actor text not null,
      action text not null,
      object text not null,
      details jsonb not null,
      primary key (account_id, at, audit_id)
    )`,
  ]) {
    await statement.execute(db)
  }
}
