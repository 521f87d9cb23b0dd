import type { Conversations, FeedListener } from '#conversations'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import { renderingOf, tellConversation } from './tell-conversations.ts'
import { messageFrames, tellChatState, tellMessages } from './tell-messages.ts'
import { tellRings } from './tell-rings.ts'

/** Takes what was committed to the sockets of this node. */
export function fanOut(sessions: Sessions, conversations: Conversations): FeedListener {
  return {
    news(news) {
      const { accountId, state } = news
      const rendering = renderingOf(accountId, state)
      const frames = messageFrames(accountId)
      for (const session of concerned(sessions, accountId, state)) {
        for (const subscription of session.conversations.values()) {
          tellConversation(session, subscription, news, rendering)
        }
        tellRings(session, state)
        tellMessages(session, news, frames)
      }
    },
    chatState(chatState) {
      const { accountId, conversationId } = chatState
      const state = conversations.peek(accountId, conversationId)
      const listening = state
        ? concerned(sessions, accountId, state)
        : sessions.agents(accountId)
      for (const session of listening) tellChatState(session, state, chatState)
    },
  }
}

function* concerned(
  sessions: Sessions,
  accountId: string,
  { consumerId, formerConsumerIds }: { consumerId: string; formerConsumerIds: readonly string[] },
): Generator<Session> {
  yield* sessions.agents(accountId)
  yield* sessions.consumer(accountId, consumerId)
  for (const former of formerConsumerIds) yield* sessions.consumer(accountId, former)
}
