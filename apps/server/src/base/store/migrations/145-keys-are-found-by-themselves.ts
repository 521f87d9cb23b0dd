import { type Kysely, sql } from 'kysely'

/**
 * The planner takes a queue that was tidied up while it was empty for one that stays empty, and any index that has one of the columns of a
 * condition for as good as the right one: it looked for a row by its id through all ordering keys. An expression serves only those who ask for it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index outbox_ordering_key on outbox (lane_hash, (id + 0))`.execute(db)
  await sql`drop index outbox_lane`.execute(db)
}
