import { type Kysely, sql } from 'kysely'

/** The order of the queue: the most urgent first, then who has waited longest. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`alter table conversation add column queue_rank smallint generated always as
      (case state->'ttr'->>'ttrType' when 'URGENT' then 0 when 'PRIORITIZED' then 1 else 2 end) stored`,
    sql`create index conversation_queue on conversation (account_id, queue_rank, waiting_since)
      where waiting_since is not null`,
  ]) {
    await statement.execute(db)
  }
}
