import type { ConversationState } from '@parley/contract'
import type { ReadingDeps } from './deps.ts'
import { maySee, type Reader } from './may-see.ts'
import { listConversations } from './repository.ts'
import type { Versioned } from './versioned.ts'

const MAX_CONVERSATIONS = 1000

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

/** Those of its present id, and those that it left by stepping up. */
async function ofConsumer(
  { store, documents }: ReadingDeps,
  accountId: string,
  consumerId: string,
  filter: ListFilter & { limit: number },
) {
  const own = await listConversations(store.db, accountId, { ...filter, consumerId })
  const left = (await documents.find('consumer', accountId, consumerId))?.state.left
  if (!left) return own
  const former = await listConversations(store.db, accountId, { ...filter, conversationIds: left })
  return [...own, ...former]
}
