import type { ConversationState } from '@parley/contract'
import type { ReadingDeps } from './deps.ts'
import { listWaitingSince, type SearchFilter, selectConversations } from './repository.ts'

/** One page of an account's conversations, and how many there are in all. */
export function searchConversations(
  { store }: Pick<ReadingDeps, 'store'>,
  accountId: string,
  filter: SearchFilter,
): Promise<{ total: number; found: ConversationState[] }> {
  return selectConversations(store.db, accountId, filter)
}

/** How long conversations of a skill have waited, in milliseconds. */
export async function listWaits(
  { store }: Pick<ReadingDeps, 'store'>,
  accountId: string,
  skillId: string,
  now: number,
): Promise<number[]> {
  const since = await listWaitingSince(store.db, accountId, skillId)
  return since.map((at) => now - at)
}
