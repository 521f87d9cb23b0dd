import { type Kysely, sql } from 'kysely'

/**
 * No plan depends on what is in the queues, and what is sampled there is gone a moment later. While a table is sampled nothing that was
 * updated or deleted meanwhile, anywhere, can be tidied up: a busy queue takes seconds, and the commits of these seconds cost twice as much.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table outbox set (autovacuum_analyze_threshold = 2000000000)`.execute(db)
  await sql`alter table timer set (autovacuum_analyze_threshold = 2000000000)`.execute(db)
}
