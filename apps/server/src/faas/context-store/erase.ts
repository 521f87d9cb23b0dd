import type { ContextStoreDeps } from './deps.ts'
import { removeSessions } from './repository.ts'

/** Deletes what functions kept under the ids of erased conversations and consumers. */
export function eraseSessions(
  { store }: ContextStoreDeps,
  accountId: string,
  gone: { conversationIds: readonly string[]; consumerIds: readonly string[] },
): Promise<void> {
  return removeSessions(store.db, accountId, [...gone.conversationIds, ...gone.consumerIds])
}
