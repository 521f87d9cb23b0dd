import type { ConversationState } from '@parley/contract'
import type { Takeable } from '#messaging/rules'
import type { ReadingDeps } from './deps.ts'
import { countWaits, listWaiting } from './repository.ts'
import type { Reader } from './may-see.ts'
import {
  type ConversationPlace,
  type ConversationSearch,
  type SearchFilter,
  selectConversations,
  selectNewest,
} from './search-repository.ts'
import { soughtConsumer } from './sought-consumer.ts'

/** One page of the conversations that fit and that the reader may see, and how many there are in all. */
export async function searchConversations(
  deps: ReadingDeps,
  accountId: string,
  reader: Reader,
  filter: SearchFilter,
): Promise<{ total: number; found: ConversationState[] }> {
  const known = await withConsumer(deps, accountId, filter)
  return selectConversations(deps.store.db, accountId, reader, known)
}

/**
 * The newest conversations that fit and that the reader may see; `next` is where the page behind begins.
 * For agents, supervisors and programs: consumers have lists of their own.
 */
export async function pageConversations(
  deps: ReadingDeps,
  accountId: string,
  reader: Reader,
  {
    limit,
    ...filter
  }: ConversationSearch & { after?: ConversationPlace | undefined; limit: number },
): Promise<{ found: ConversationState[]; next?: ConversationPlace }> {
  const known = await withConsumer(deps, accountId, filter)
  const rows = await selectNewest(deps.store.db, accountId, reader, { ...known, limit: limit + 1 })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    found: page,
    ...(rows.length > limit && last && { next: last }),
  }
}

async function withConsumer<Search extends ConversationSearch>(
  deps: ReadingDeps,
  accountId: string,
  { consumerId, consumerLike, ...search }: Search,
) {
  const find = (id: string) => soughtConsumer(deps, accountId, id)
  return {
    ...search,
    ...(consumerId !== undefined && { consumer: await find(consumerId) }),
    ...(consumerLike !== undefined && { named: await find(consumerLike) }),
  }
}

/** Conversations that wait, may be taken and ring nobody, in the order of `queueOrder`. */
export function listWaitingConversations(
  { store }: Pick<ReadingDeps, 'store'>,
  accountId: string,
  takeable: Takeable,
  limit: number,
): Promise<ConversationState[]> {
  return listWaiting(store.db, accountId, takeable, limit)
}

/** How many conversations of these skills wait now, and for how long. */
export function waitsOf(
  { store }: Pick<ReadingDeps, 'store'>,
  accountId: string,
  skillIds: readonly string[],
  now: number,
): ReturnType<typeof countWaits> {
  return countWaits(store.db, accountId, skillIds, now)
}
