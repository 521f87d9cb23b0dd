import { type Kysely, sql } from 'kysely'

/** Which nodes are alive: what a killed one held (agents' presence) is cleared by the others. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table node (
      node_id text primary key,
      seen_at timestamptz not null
    )`.execute(db)
}
