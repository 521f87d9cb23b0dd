import { sql } from 'kysely'
import type { Db } from '#base/store'
import { NAME_OF_PROFILE, PROFILE } from '#messaging/reading'

export const VISITOR = 'visitor'
/** The timer that ends such a document. Its key is the kind and the id. */
export const PERSON_END = 'person-end'

export async function deleteProfiles(
  db: Db,
  accountId: string,
  consumerIds: readonly string[],
): Promise<void> {
  await db
    .deleteFrom('document')
    .where('accountId', '=', accountId)
    .where('kind', '=', PROFILE)
    .where('id', 'in', [...consumerIds])
    .execute()
  const keys = consumerIds.map((id) => endKey(PROFILE, id))
  await deleteEnds(db, accountId, keys)
}

export function endKey(document: typeof PROFILE | typeof VISITOR, id: string): string {
  return `${document}/${id}`
}

/** They name who is gone. */
async function deleteEnds(db: Db, accountId: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  await db
    .deleteFrom('timer')
    .where('accountId', '=', accountId)
    .where('kind', '=', PERSON_END)
    .where('key', 'in', [...keys])
    .execute()
}

/** First and last name as the profiles of consumers say them. Who has said none is left out. */
export async function selectNames(
  db: Db,
  accountId: string,
  consumerIds: readonly string[],
): Promise<{ consumerId: string; name: string }[]> {
  if (consumerIds.length === 0) return []
  const { rows } = await sql<{ consumerId: string; name: string }>`
    select id as consumer_id, ${NAME_OF_PROFILE} as name
      from document
      where account_id = ${accountId} and kind = ${PROFILE} and id = any(${consumerIds})`.execute(
    db,
  )
  return rows.filter(({ name }) => name !== '')
}

/**
 * The visitors that these conversations came from, unless another conversation of the same consumer came from them, too: of the id that it
 * had before it signed in, or has since then.
 */
export async function deleteVisitorsOf(
  db: Db,
  accountId: string,
  conversationIds: readonly string[],
): Promise<void> {
  const ids = [...conversationIds]
  const { rows: gone } = await sql<{ id: string }>`
    delete from document where account_id = ${accountId} and kind = ${VISITOR} and id in (
      select state->'context'->>'visitorId' from conversation
      where account_id = ${accountId} and conversation_id = any(${ids})
        and not exists (select from conversation other
          where other.account_id = conversation.account_id
            and other.consumer_id = any(array(
              select conversation.consumer_id
              union all select jsonb_array_elements_text(coalesce(conversation.state->'formerConsumerIds', '[]'))))
            and other.state->'context'->>'visitorId' = conversation.state->'context'->>'visitorId'
            and other.conversation_id <> all(${ids}) offset 0)
        and not exists (select from document consumer
          join jsonb_array_elements_text(consumer.state->'left') later on true
          join conversation other on other.account_id = consumer.account_id and other.conversation_id = later
          where consumer.account_id = conversation.account_id and consumer.kind = 'consumer'
            and consumer.id = conversation.consumer_id
            and other.state->'context'->>'visitorId' = conversation.state->'context'->>'visitorId'
            and other.conversation_id <> all(${ids}) offset 0))
      returning id`.execute(db)
  const keys = gone.map(({ id }) => endKey(VISITOR, id))
  await deleteEnds(db, accountId, keys)
}

export async function deleteVisitors(
  tx: Db,
  accountId: string,
  visitorIds: readonly string[],
): Promise<void> {
  await tx
    .deleteFrom('document')
    .where('accountId', '=', accountId)
    .where('kind', '=', VISITOR)
    .where('id', 'in', [...visitorIds])
    .execute()
  await deleteEnds(
    tx,
    accountId,
    visitorIds.map((id) => endKey(VISITOR, id)),
  )
}

/** The profile of a consumer that has no conversation. Answers whether none is left. */
export async function deleteLonelyProfile(
  tx: Db,
  accountId: string,
  consumerId: string,
): Promise<boolean> {
  const conversation = await tx
    .selectFrom('conversation')
    .select('conversationId')
    .where('accountId', '=', accountId)
    .where('consumerId', '=', consumerId)
    .limit(1)
    .executeTakeFirst()
  if (conversation) return false
  await deleteProfiles(tx, accountId, [consumerId])
  return true
}
