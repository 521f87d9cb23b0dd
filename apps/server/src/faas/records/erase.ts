import type { RecordsDeps } from './deps.ts'
import { deleteOfConversations } from './retention-repository.ts'

/** Deletes records and log entries of these conversations. */
export async function eraseRecords(
  { store, writer }: RecordsDeps,
  accountId: string,
  { conversationIds }: { conversationIds: readonly string[] },
): Promise<void> {
  await writer.flush()
  await deleteOfConversations(store.db, accountId, conversationIds)
}
