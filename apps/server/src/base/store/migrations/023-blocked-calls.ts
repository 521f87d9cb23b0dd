import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table blocked_call (
      account_id text not null,
      function_id uuid not null,
      host text not null,
      port int not null,
      called_from text not null,
      why text not null,
      count bigint not null,
      first_at timestamptz not null,
      last_at timestamptz not null,
      primary key (account_id, function_id, host, port, called_from),
      foreign key (account_id, function_id) references function on delete cascade
    )`.execute(db)
  await sql`create index blocked_call_by_time on blocked_call (account_id, last_at desc)`.execute(
    db,
  )
}
