import type { PeopleDeps } from './deps.ts'
import { deleteProfiles, deleteVisitors, deleteVisitorsOf } from './repository.ts'

/** Forgets the visitors of conversations that are about to be erased, and the profiles of consumers. */
export async function erase(
  { store }: Pick<PeopleDeps, 'store'>,
  accountId: string,
  gone: { conversationIds: readonly string[]; consumerIds: readonly string[] },
): Promise<void> {
  const { conversationIds, consumerIds } = gone
  if (conversationIds.length > 0) await deleteVisitorsOf(store.db, accountId, conversationIds)
  if (consumerIds.length > 0) await deleteProfiles(store.db, accountId, consumerIds)
}

/** Forgets these visitors. */
export async function eraseVisitors(
  { store }: Pick<PeopleDeps, 'store'>,
  accountId: string,
  visitorIds: readonly string[],
): Promise<void> {
  await store.transaction((tx) => deleteVisitors(tx, accountId, visitorIds))
}
