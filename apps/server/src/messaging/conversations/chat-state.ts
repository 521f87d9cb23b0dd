import { type Actor, findParticipant, getDialog } from '#messaging/rules'
import { ParleyError } from '#base/kernel'
import type { Deps } from './deps.ts'

/** Typing and presence: shown to the others now, and nowhere kept. */
export async function publishChatState(
  { documents, feed }: Pick<Deps, 'documents' | 'feed'>,
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
  feed.publishChatState({
    accountId,
    conversationId,
    dialogId,
    originator: { userId, pid, role },
    event: { type: 'ChatStateEvent', chatState },
  })
}
