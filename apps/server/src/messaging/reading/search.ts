import type { ConversationState } from '@parley/contract'
import type { ReadingDeps } from './deps.ts'
import { listWaiting, listWaitingSince } from './repository.ts'
import { type SearchFilter, selectConversations } from './search-repository.ts'

/** One page of an account's conversations, and how many there are in all. */
export function searchConversations(
  { store }: Pick<ReadingDeps, 'store'>,
  accountId: string,
  filter: SearchFilter,
): Promise<{ total: number; found: ConversationState[] }> {
  return selectConversations(store.db, accountId, filter)
}

/** Conversations that wait for one of these skills, or for a suggested agent, in the order of `queueOrder`. */
export function listWaitingConversations(
  { store }: Pick<ReadingDeps, 'store'>,
  accountId: string,
  skillIds: readonly string[],
  limit: number,
): Promise<ConversationState[]> {
  return listWaiting(store.db, accountId, skillIds, limit)
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
