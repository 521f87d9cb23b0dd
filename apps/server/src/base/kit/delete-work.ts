import { sql } from 'kysely'
import { type Db, ORDERING_LOCK_CLASS } from '#base/store'

/**
 * Deletes what is still to be done for conversations or live chats, and what could not be: their timers, outbox rows and dead letters, of
 * whichever module. To be called in a transaction that holds them.
 * @param orderingKeys those that their outbox rows may have
 */
export async function deleteWork(
  tx: Db,
  accountId: string,
  conversationIds: readonly string[],
  orderingKeys: readonly string[],
): Promise<void> {
  const keys = [...orderingKeys]
  const isAboutThem = sql<boolean>`facts->>'conversationId' = any(${[...conversationIds]})`
  await tx.deleteFrom('timer').where('accountId', '=', accountId).where(isAboutThem).execute()
  // A commit must not put its row behind one that is deleted here: nothing would make a head of it.
  await sql`select pg_advisory_xact_lock(${ORDERING_LOCK_CLASS}, hash) from (
    select distinct lane_hash as hash from outbox where account_id = ${accountId} and lane = any(${keys}::text[])
      order by hash offset 0) as held`.execute(tx)
  await tx
    .deleteFrom('outbox')
    .where('accountId', '=', accountId)
    .where('lane', 'in', keys)
    .execute()
  await tx
    .deleteFrom('deadLetter')
    .where('accountId', '=', accountId)
    .where((where) => where.or([where('lane', 'in', keys), isAboutThem]))
    .execute()
}
