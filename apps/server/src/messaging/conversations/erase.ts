import type { WriteDeps } from './deps.ts'
import { notifyErased } from './erased-notifications.ts'
import {
  deleteConsumers,
  deleteConversations,
  deleteLonelyConsumers,
  listEnded,
} from './repository.ts'

/** Deletes conversations for good: messages, state, timers, and work that is still to be done for them. */
export async function eraseConversations(
  { store, documents }: Pick<WriteDeps, 'store' | 'documents'>,
  accountId: string,
  conversationIds: readonly string[],
): Promise<void> {
  if (conversationIds.length === 0) return
  await store.transaction((tx) => deleteConversations(tx, accountId, conversationIds))
  for (const id of conversationIds) documents.forget('conversation', accountId, id)
  notifyErased(store, accountId, conversationIds)
}

/**
 * Deletes the records of consumers, whose conversations `eraseConversations` erases. Resolves to whether none is left: the record of who
 * has opened another conversation meanwhile stays.
 */
export async function eraseConsumers(
  { store, documents }: Pick<WriteDeps, 'store' | 'documents'>,
  accountId: string,
  consumerIds: readonly string[],
): Promise<boolean> {
  if (consumerIds.length === 0) return true
  const isGone = await deleteConsumers(store.db, accountId, consumerIds)
  for (const id of consumerIds) documents.forget('consumer', accountId, id)
  return isGone
}

/**
 * The same of conversations that ended long ago, with the records of those of the consumers that have no conversation then. In one commit:
 * nothing else names these consumers, and their records would stay where a node dies in between.
 */
export async function eraseEnded(
  { store, documents }: Pick<WriteDeps, 'store' | 'documents'>,
  accountId: string,
  { conversationIds, consumerIds }: Record<'conversationIds' | 'consumerIds', readonly string[]>,
): Promise<void> {
  const lonely = await store.transaction(async (tx) => {
    await deleteConversations(tx, accountId, conversationIds)
    return consumerIds.length === 0 ? [] : await deleteLonelyConsumers(tx, accountId, consumerIds)
  })
  for (const id of conversationIds) documents.forget('conversation', accountId, id)
  for (const id of lonely) documents.forget('consumer', accountId, id)
  notifyErased(store, accountId, conversationIds)
}

/** Conversations that ended before an instant, with the present and the earlier ids of their consumers, oldest first. */
export function listEndedBefore(
  { store }: Pick<WriteDeps, 'store'>,
  accountId: string,
  before: number,
  limit: number,
) {
  return listEnded(store.db, accountId, before, limit)
}
