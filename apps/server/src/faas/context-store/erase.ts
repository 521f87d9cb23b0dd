import type { Store } from '#base/store'
import { removeSessions } from './repository.ts'

/** Takes away what functions kept under the ids of erased conversations and consumers. */
export function contextEraser({ store }: { store: Store }) {
  return {
    erase: (
      accountId: string,
      gone: { conversationIds: readonly string[]; consumerIds: readonly string[] },
    ): Promise<void> =>
      removeSessions(store.db, accountId, [...gone.conversationIds, ...gone.consumerIds]),
  }
}
