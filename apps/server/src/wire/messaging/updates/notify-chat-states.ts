import { maySee } from '#messaging/reading'
import { chatStateFrame } from '#wire/messaging/format'
import type { Notifier } from './notifier.ts'
import { isParticipating } from './is-participating.ts'

/** Chat states go to the sessions that get the messages of the dialog. */
export const chatStateNotifier: Notifier = {
  chatStateChanged(chatState, state) {
    const { dialogId } = chatState
    return (session) => {
      if (state && !maySee(session.reader, state)) return
      const isSubscribed =
        session.cursors?.has(dialogId) || (state && isParticipating(session, state, dialogId))
      if (isSubscribed) session.connection.send(chatStateFrame(session, chatState))
    }
  },
}
