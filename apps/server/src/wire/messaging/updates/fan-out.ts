import { messageOf } from '#base/kernel'
import type { UpdateListener } from '#messaging/reading'
import { endLate } from './bounds.ts'
import type { CatchUps } from './catch-up.ts'
import type { Deps } from './deps.ts'
import { NOTIFIERS } from './notifiers.ts'
import type { Session } from './session.ts'

/** Notifies the sessions of this node of what any node has committed. */
export function fanOut(deps: Deps, catchUps: Pick<CatchUps, 'missed'>): UpdateListener {
  const { sessions, reading, logger } = deps
  return {
    conversationUpdated(update) {
      const notify = NOTIFIERS.flatMap((notifier) => notifier.conversationUpdated?.(update) ?? [])
      for (const session of concerned(sessions, update.accountId, update.state)) {
        for (const one of notify) one(session)
      }
    },
    chatStateChanged(chatState) {
      const { accountId, conversationId } = chatState
      const state = reading.peekConversation(accountId, conversationId)?.state
      const notify = NOTIFIERS.flatMap(
        (notifier) => notifier.chatStateChanged?.(chatState, state) ?? [],
      )
      // Without the state, whoever follows the dialog: any consumer that does is the conversation's.
      const notified = state ? concerned(sessions, accountId, state) : sessions.ofAccount(accountId)
      for (const session of notified) for (const one of notify) one(session)
    },
    agentChanged(accountId, userId) {
      for (const session of sessions.ofAgents(accountId)) {
        for (const notifier of NOTIFIERS) {
          notifier.agentChanged?.(deps, session, userId).catch((error: unknown) => {
            logger.warn({ err: error }, `State of an agent not sent: ${messageOf(error)}`)
          })
        }
      }
    },
    conversationErased(accountId, conversationId) {
      const notify = NOTIFIERS.flatMap(
        (notifier) => notifier.conversationErased?.(conversationId) ?? [],
      )
      for (const session of sessions.ofAccount(accountId)) for (const one of notify) one(session)
    },
    *shownConversations(accountId) {
      for (const { conversations } of sessions.ofAccount(accountId)) {
        for (const { shown } of conversations?.values() ?? []) yield* shown
      }
    },
    resync(accountId) {
      for (const session of sessions.ofAccount(accountId)) catchUps.missed(session)
    },
    rewound() {
      for (const session of sessions.all()) endLate(session)
    },
  }
}

/** All agents of the account, who may have subscribed to the conversation, and its consumer. */
function* concerned(
  sessions: Deps['sessions'],
  accountId: string,
  { consumerId, formerConsumerIds }: { consumerId: string; formerConsumerIds: readonly string[] },
): Generator<Session> {
  yield* sessions.ofAgents(accountId)
  yield* sessions.ofConsumer(accountId, consumerId)
  for (const former of formerConsumerIds) yield* sessions.ofConsumer(accountId, former)
}
