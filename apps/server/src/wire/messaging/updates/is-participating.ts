import type { ConversationState } from '@parley/contract'
import type { Session } from './session.ts'

/** Whether the session is that of an active agent of a dialog: it gets the dialog's messages without subscribing. */
export function isParticipating(
  { side, reader }: Session,
  { dialogs }: ConversationState,
  dialogId: string,
): boolean {
  if (side === 'consumer') return false
  const dialog = dialogs.find((candidate) => candidate.dialogId === dialogId)
  return (
    dialog?.participants.some(
      ({ userId, state }) => userId === reader.userId && state === 'ACTIVE',
    ) ?? false
  )
}
