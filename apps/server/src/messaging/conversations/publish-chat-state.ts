import { type Actor, findParticipant, getDialog } from '#messaging/rules'
import { ParleyError } from '#base/kernel'
import type { ChatState } from '#messaging/reading'
import type { WriteDeps } from './deps.ts'

type ChatStateDeps = Pick<WriteDeps, 'connectorRows' | 'delivery' | 'documents' | 'reading'>

/** What is told of who writes: a reader cannot. */
const WRITING = new Set(['COMPOSING', 'PAUSE'])

/** Typing and presence: the other participants are notified; nothing is stored, but for connectors until they are told. */
export async function publishChatState(
  { connectorRows, delivery, documents, reading }: ChatStateDeps,
  accountId: string,
  actor: Actor,
  {
    conversationId,
    dialogId,
    chatState,
  }: { conversationId: string; dialogId: string; chatState: string },
): Promise<void> {
  const known = await documents.find('conversation', accountId, conversationId)
  if (!known) throw new ParleyError('conversation_not_found', `No conversation "${conversationId}"`)
  const participant = findParticipant(getDialog(known.state, dialogId), actor.userId)
  if (!participant) {
    throw new ParleyError('not_participant', `Not a participant of dialog "${dialogId}"`)
  }
  const { userId, pid, role } = participant
  if (role === 'READER' && WRITING.has(chatState)) {
    throw new ParleyError('forbidden', 'A reader cannot write')
  }
  const change: ChatState = {
    accountId,
    conversationId,
    dialogId,
    originator: { userId, pid, role },
    event: { type: 'ChatStateEvent', chatState },
  }
  reading.updates.publishChatState(change)
  const outbox = await connectorRows.ofChatState(accountId, known.state, change)
  if (outbox.length > 0) await delivery.commit({ accountId, documents: [], outbox })
}
