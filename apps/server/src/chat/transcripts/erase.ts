import type { TranscriptDeps } from './deps.ts'
import { deleteDecisions } from './repository.ts'

/** Erases what is kept about these chats: decisions, mails, and the records and recordings of what functions got. Called again, it does nothing. */
export async function eraseChats(
  { store, mails, records, recordings }: TranscriptDeps,
  accountId: string,
  chatIds: readonly string[],
): Promise<void> {
  if (chatIds.length === 0) return
  // In this order: without its decision no chat gets another mail or record.
  await store.transaction((tx) => deleteDecisions(tx, accountId, chatIds))
  await mails.erase(accountId, chatIds)
  await records.erase(accountId, { conversationIds: chatIds })
  await recordings.erase(accountId, { conversationIds: chatIds })
}
