import type { ConversationState } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { ReadingDeps } from './deps.ts'
import { type Reader, requireSight } from './may-see.ts'
import { findConversationOfDialog } from './repository.ts'
import type { Versioned } from './versioned.ts'

/** @throws ParleyError `conversation_not_found` */
export async function getConversation(
  { documents }: Pick<ReadingDeps, 'documents'>,
  accountId: string,
  reader: Reader,
  conversationId: string,
): Promise<ConversationState> {
  const found = await documents.find('conversation', accountId, conversationId)
  if (!found) {
    throw new ParleyError('conversation_not_found', `No conversation "${conversationId}"`)
  }
  requireSight(reader, found.state)
  return found.state
}

/** MAIN dialogs carry their conversation's id; others are looked up. */
export async function getConversationOfDialog(
  deps: ReadingDeps,
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
  if (main) {
    requireSight(reader, main.state)
    return main.state
  }
  const id = await findConversationOfDialog(deps.store.db, accountId, dialogId)
  if (id === undefined) throw new ParleyError('dialog_not_found', `No dialog "${dialogId}"`)
  return await getConversation(deps, accountId, reader, id)
}

function requireDialog({ dialogs }: ConversationState, dialogId: string): void {
  if (!dialogs.some((dialog) => dialog.dialogId === dialogId)) {
    throw new ParleyError('dialog_not_found', `No dialog "${dialogId}"`)
  }
}

/** What this node remembers of a conversation, without reading. */
export function peekConversation(
  { documents }: Pick<ReadingDeps, 'documents'>,
  accountId: string,
  conversationId: string,
): Versioned<ConversationState> | undefined {
  return documents.peek(accountId, conversationId)
}
