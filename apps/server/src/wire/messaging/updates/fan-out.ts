import type { UpdateListener } from '#messaging/reading'
import { catchUp } from './catch-up.ts'
import type { Deps } from './deps.ts'
import type { Session } from './session.ts'
import { renderingOf, notifyConversation } from './notify-conversations.ts'
import { messageFrames, notifyChatState, notifyMessages } from './notify-messages.ts'
import { notifyRings } from './notify-rings.ts'

/** Takes what was committed to the sockets of this node. */
export function fanOut(deps: Deps): UpdateListener {
  const { sessions, reading } = deps
  return {
    conversationUpdated(update) {
      const { accountId, state } = update
      const rendering = renderingOf(accountId, state)
      const frames = messageFrames(accountId)
      for (const session of concerned(sessions, accountId, state)) {
        for (const subscription of session.conversations?.values() ?? []) {
          notifyConversation(session, subscription, update, rendering)
        }
        notifyRings(session, state)
        notifyMessages(session, update, frames)
      }
    },
    resync() {
      for (const session of sessions.all()) catchUp(deps, session)
    },
    chatStateChanged(chatState) {
      const { accountId, conversationId } = chatState
      const state = reading.peekConversation(accountId, conversationId)
      const listening = state ? concerned(sessions, accountId, state) : sessions.agents(accountId)
      for (const session of listening) notifyChatState(session, state, chatState)
    },
  }
}

function* concerned(
  sessions: Deps['sessions'],
  accountId: string,
  { consumerId, formerConsumerIds }: { consumerId: string; formerConsumerIds: readonly string[] },
): Generator<Session> {
  yield* sessions.agents(accountId)
  yield* sessions.consumer(accountId, consumerId)
  for (const former of formerConsumerIds) yield* sessions.consumer(accountId, former)
}
