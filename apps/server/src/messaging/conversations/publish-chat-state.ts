import { type Actor, findParticipant, getDialog } from '#messaging/rules'
import { ParleyError } from '#base/kernel'
import type { WriteDeps } from './deps.ts'

/** Typing and presence: the other participants are notified, nothing is stored. */
export async function publishChatState(
  { documents, reading }: Pick<WriteDeps, 'documents' | 'reading'>,
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
  reading.updates.publishChatState({
    accountId,
    conversationId,
    dialogId,
    originator: { userId, pid, role },
    event: { type: 'ChatStateEvent', chatState },
  })
}
