import { sql } from 'kysely'
import { deleteWork } from '#base/kit'
import type { Db } from '#base/store'

/**
 * Deletes conversations with their messages, dialogs and timers, and with the outbox rows and dead letters about them.
 * Run it in a transaction.
 */
export async function deleteConversations(
  tx: Db,
  accountId: string,
  conversationIds: readonly string[],
): Promise<void> {
  const ids = [...conversationIds]
  // The lock comes first: a commit in one of them is over by then, or finds the conversation gone.
  await tx
    .selectFrom('conversation')
    .select('conversationId')
    .where('accountId', '=', accountId)
    .where('conversationId', 'in', ids)
    .orderBy('conversationId')
    .forUpdate()
    .execute()
  const dialogs = await tx
    .deleteFrom('document')
    .where('accountId', '=', accountId)
    .where('kind', '=', 'dialog')
    .where('id', 'in', (of) =>
      of
        .selectFrom('conversation')
        .select(sql<string>`jsonb_array_elements(state->'dialogs')->>'dialogId'`.as('dialogId'))
        .where('accountId', '=', accountId)
        .where('conversationId', 'in', ids),
    )
    .returning('id')
    .execute()
  await tx
    .deleteFrom('message')
    .where('accountId', '=', accountId)
    .where('conversationId', 'in', ids)
    .execute()
  await tx
    .deleteFrom('conversation')
    .where('accountId', '=', accountId)
    .where('conversationId', 'in', ids)
    .execute()
  const dialogIds = dialogs.map(({ id }) => id)
  // Work of other modules, too: a survey that is under way expires by a timer.
  const orderingKeys = [...ids, ...ids.map((id) => `conversation/${id}`), ...dialogIds]
  await deleteWork(tx, accountId, ids, orderingKeys)
}

/** Those of them that have no open conversation. Answers whether these were all; who comes anew meanwhile is none of them. */
export async function deleteConsumers(
  db: Db,
  accountId: string,
  consumerIds: readonly string[],
): Promise<boolean> {
  const ids = [...consumerIds]
  const left = await db
    .with('gone', (tx) =>
      tx
        .deleteFrom('document')
        .where('accountId', '=', accountId)
        .where('kind', '=', 'consumer')
        .where('id', 'in', ids)
        .where(sql<boolean>`state->>'openConversationId' is null`)
        .returning('id'),
    )
    .selectFrom('document')
    .select('id')
    .where('accountId', '=', accountId)
    .where('kind', '=', 'consumer')
    .where('id', 'in', ids)
    .where('id', 'not in', (of) => of.selectFrom('gone').select('id'))
    .execute()
  return left.length === 0
}

/** Those of them that have no conversation any more, of their present id or an earlier one. Answers which these were. */
export async function deleteLonelyConsumers(
  db: Db,
  accountId: string,
  consumerIds: readonly string[],
): Promise<string[]> {
  const rows = await db
    .deleteFrom('document')
    .where('accountId', '=', accountId)
    .where('kind', '=', 'consumer')
    .where('id', 'in', [...consumerIds])
    .where(
      // `offset 0` has each consumer's own conversations looked up: joined, all of the account could be read.
      sql<boolean>`state->>'openConversationId' is null
        and not exists (select from conversation c
          where c.account_id = document.account_id and c.consumer_id = document.id offset 0)
        and not exists (select from jsonb_array_elements_text(document.state->'left') earlier
          join conversation c on c.account_id = document.account_id and c.conversation_id = earlier offset 0)`,
    )
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

export async function listOpenIds(db: Db, accountId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('conversation')
    .select('conversationId')
    .where('accountId', '=', accountId)
    .where('stage', '=', 'OPEN')
    .execute()
  return rows.map(({ conversationId }) => conversationId)
}

/** Conversations that ended before an instant, with the present and the earlier ids of their consumers, oldest first. */
export async function listEnded(db: Db, accountId: string, before: number, limit: number) {
  return (
    db
      .selectFrom('conversation')
      .select(['conversationId', 'consumerId'])
      .select(sql<string[]>`coalesce(state->'formerConsumerIds', '[]')`.as('formerConsumerIds'))
      .where('accountId', '=', accountId)
      .where('stage', '=', 'CLOSE')
      // Has an index. A conversation ends when it is closed, or later, with its survey.
      .where('closedAtMs', '<', before)
      .where(sql<boolean>`(state->>'endedAt')::bigint < ${before}`)
      .orderBy('closedAtMs')
      .limit(limit)
      .execute()
  )
}
