import type { ConversationState } from '@parley/contract'
import type { ReadingDeps } from './deps.ts'
import { inPages } from './in-pages.ts'
import { maySee, type Reader } from './may-see.ts'
import { listStates } from './missed-repository.ts'
import { listConversations } from './repository.ts'
import { soughtConsumer } from './sought-consumer.ts'
import type { Versioned } from './versioned.ts'

const MAX_CONVERSATIONS = 1000
const STATES_AT_ONCE = 50

export interface ListFilter {
  stages?: readonly string[]
  updatedSince?: number
  /** With one of these agents in it, by user id or pid. */
  agentIds?: readonly string[] | undefined
  limit?: number
}

/** The newest of those that the reader may see. */
export async function readConversations(
  deps: ReadingDeps,
  accountId: string,
  reader: Reader,
  filter: ListFilter,
): Promise<Versioned<ConversationState>[]> {
  const { stages, agentIds, limit = MAX_CONVERSATIONS } = filter
  const bounded = {
    ...filter,
    limit,
    // Among all that ever ended, agents are not filtered in SQL: the newest conversations must do.
    agentIds: stages && agentIds,
    reader: stages && reader,
  }
  const found =
    reader.kind === 'consumer'
      ? await ofConsumer(deps, accountId, reader.userId, { ...filter, limit })
      : await listConversations(deps.store.db, accountId, bounded)
  return found.filter(({ state }) => maySee(reader, state))
}

/** The present states of these, some at a time, whoever may see them. */
export async function* readStates(
  { store }: Pick<ReadingDeps, 'store'>,
  accountId: string,
  conversationIds: readonly string[],
): AsyncGenerator<ConversationState[]> {
  for (const ids of inPages(conversationIds, STATES_AT_ONCE)) {
    yield (await listStates(store.db, accountId, ids)).map(({ state }) => state)
  }
}

/** Those of its present id, and those that it left by stepping up. */
async function ofConsumer(
  deps: ReadingDeps,
  accountId: string,
  consumerId: string,
  filter: ListFilter & { limit: number },
) {
  const { db } = deps.store
  const own = await listConversations(db, accountId, { ...filter, consumerId })
  const { left } = await soughtConsumer(deps, accountId, consumerId)
  if (left.length === 0) return own
  const former = await listConversations(db, accountId, { ...filter, conversationIds: left })
  return [...own, ...former]
}
