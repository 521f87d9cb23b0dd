import { sql } from 'kysely'
import type { Db } from '#base/store'

export const PROFILE = 'profile'
export const VISITOR = 'visitor'

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
}

/** The visitors that these conversations came from. */
export async function deleteVisitorsOf(
  db: Db,
  accountId: string,
  conversationIds: readonly string[],
): Promise<void> {
  await db
    .deleteFrom('document')
    .where('accountId', '=', accountId)
    .where('kind', '=', VISITOR)
    .where('id', 'in', (of) =>
      of
        .selectFrom('conversation')
        .select(sql<string>`state->'context'->>'visitorId'`.as('visitorId'))
        .where('accountId', '=', accountId)
        .where('conversationId', 'in', [...conversationIds]),
    )
    .execute()
}
