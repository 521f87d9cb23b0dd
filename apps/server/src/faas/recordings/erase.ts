import type { ReadDeps } from './read.ts'
import { deleteOfConversations } from './repository.ts'

/** Deletes the recordings of these conversations. */
export async function eraseRecordings(
  { store, queue }: ReadDeps,
  accountId: string,
  { conversationIds }: { conversationIds: readonly string[] },
): Promise<void> {
  await queue.flush()
  await deleteOfConversations(store.db, accountId, conversationIds)
}
