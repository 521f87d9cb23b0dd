import { type Kysely, sql } from 'kysely'

/** Nodes say how many connections to the database they use. Those of version 0.1.0 say nothing, and use 17. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table node add column connections integer not null default 17`.execute(db)
}
