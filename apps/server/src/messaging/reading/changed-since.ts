import type { ReadingDeps } from './deps.ts'
import type { Reader } from './may-see.ts'
import { listSeenChangedSince } from './missed-repository.ts'

/**
 * What the reader may see, or might see until then, of the conversations that are open and were changed since then, in domain time, or that began or ended
 * since: at most `limit` of them.
 */
export function listChangedConversations(
  { store }: Pick<ReadingDeps, 'store'>,
  accountId: string,
  reader: Reader,
  window: { since: number; limit: number },
): Promise<{ conversationId: string; version: number }[]> {
  return listSeenChangedSince(store.db, accountId, reader, window)
}
