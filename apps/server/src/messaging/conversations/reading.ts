import type { ConversationState, StoredMessage } from '@parley/contract'
import { type Actor, hasSkill, isAgentOf, isConsumerOf } from '#messaging/rules'
import { ParleyError } from '#base/kernel'
import { findDocument } from '#base/kit'
import type { Deps } from './deps.ts'
import type { Versioned } from './documents.ts'
import { listConversations, listMessages } from './repository.ts'

/** Somebody who reads conversations: a consumer its own, an agent those of its skills, a supervisor all. */
export interface Reader extends Actor {
  skillIds?: readonly string[]
}

export const MAX_MESSAGES = 10_000
const MAX_CONVERSATIONS = 1000

export function maySee(reader: Reader, state: ConversationState): boolean {
  if (reader.kind === 'consumer') return isConsumerOf(state, reader.userId)
  if (reader.kind === 'system' || reader.supervises) return true
  return (
    isAgentOf(state, reader.userId) || hasSkill({ skillIds: reader.skillIds ?? [] }, state.skillId)
  )
}

export function maySeeMessage(reader: Reader, { audience }: StoredMessage): boolean {
  return audience === 'ALL' || reader.kind !== 'consumer'
}

/** @throws ParleyError `conversation_not_found` */
export async function getConversation(
  { documents }: Pick<Deps, 'documents'>,
  accountId: string,
  reader: Reader,
  conversationId: string,
): Promise<ConversationState> {
  const known = await documents.find('conversation', accountId, conversationId)
  if (!known) {
    throw new ParleyError('conversation_not_found', `No conversation "${conversationId}"`)
  }
  requireSight(reader, known.state)
  return known.state
}

/** @throws ParleyError `conversation_not_found` for a conversation that the reader must not see */
export function requireSight(reader: Reader, state: ConversationState): void {
  if (maySee(reader, state)) return
  throw new ParleyError('conversation_not_found', `No conversation "${state.conversationId}"`)
}

/** MAIN dialogs carry their conversation's id; others are looked up. */
export async function getConversationOfDialog(
  deps: Pick<Deps, 'documents' | 'store'>,
  accountId: string,
  reader: Reader,
  dialogId: string,
  conversationId?: string,
): Promise<ConversationState> {
  if (conversationId !== undefined) {
    const state = await getConversation(deps, accountId, reader, conversationId)
    requireDialog(state, dialogId)
    return state
  }
  const main = await deps.documents.find('conversation', accountId, dialogId)
  const id = main ? dialogId : await conversationOf(deps, accountId, dialogId)
  return await getConversation(deps, accountId, reader, id)
}

async function conversationOf(
  { store }: Pick<Deps, 'store'>,
  accountId: string,
  dialogId: string,
): Promise<string> {
  const found = await findDocument(store.db, accountId, 'dialog', dialogId)
  if (!found) throw new ParleyError('dialog_not_found', `No dialog "${dialogId}"`)
  return (found.state as { conversationId: string }).conversationId
}

function requireDialog({ dialogs }: ConversationState, dialogId: string): void {
  if (!dialogs.some((dialog) => dialog.dialogId === dialogId)) {
    throw new ParleyError('dialog_not_found', `No dialog "${dialogId}"`)
  }
}

/** Messages of a dialog from a sequence on, without those that the reader must not see. */
export async function readMessages(
  deps: Pick<Deps, 'store'>,
  accountId: string,
  reader: Reader,
  range: { conversationId: string; dialogId: string; from: number; limit?: number },
): Promise<StoredMessage[]> {
  const limit = Math.min(range.limit ?? MAX_MESSAGES, MAX_MESSAGES)
  const messages = await listMessages(deps.store.db, accountId, { ...range, limit })
  return messages.filter((message) => maySeeMessage(reader, message))
}

/** Dialog by dialog, in the order in which they began. */
export async function readAllMessages(
  { store }: Pick<Deps, 'store'>,
  accountId: string,
  { conversationId, dialogs }: ConversationState,
): Promise<StoredMessage[]> {
  const inOrder = dialogs.toSorted((a, b) => a.openedAt - b.openedAt)
  const limit = MAX_MESSAGES
  const lists = await Promise.all(
    inOrder.map(({ dialogId }) =>
      listMessages(store.db, accountId, { conversationId, dialogId, from: 0, limit }),
    ),
  )
  return lists.flat()
}

export interface ListFilter {
  stages?: readonly string[]
  updatedSince?: number
  /** With one of these agents in it, by user id or pid. */
  agentIds?: readonly string[] | undefined
  limit?: number
}

/** The newest of those that the reader may see. */
export async function readConversations(
  deps: Pick<Deps, 'store' | 'documents'>,
  accountId: string,
  reader: Reader,
  filter: ListFilter,
): Promise<Versioned<ConversationState>[]> {
  const { userId, skillIds = [] } = reader
  const { stages, agentIds, limit = MAX_CONVERSATIONS } = filter
  const seesAll = reader.kind === 'system' || reader.supervises
  const bounded = {
    ...filter,
    limit,
    // Among all that ever ended nobody is looked for: there the newest must do.
    agentIds: stages && agentIds,
    seenBy: stages && !seesAll ? { userId, skillIds } : undefined,
  }
  const found =
    reader.kind === 'consumer'
      ? await ofConsumer(deps, accountId, userId, { ...filter, limit })
      : await listConversations(deps.store.db, accountId, bounded)
  return found.filter(({ state }) => maySee(reader, state))
}

/** Those of its present id, and those that it left by stepping up. */
async function ofConsumer(
  { store, documents }: Pick<Deps, 'store' | 'documents'>,
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
