import { openKeyedQueue } from '#base/kit'
import { withDeps } from '#base/kernel'
import * as botActions from './apply-bot-actions.ts'
import * as surveyBotActions from './apply-survey-bot-actions.ts'
import * as agents from './change-agent.ts'
import * as changes from './change-conversation.ts'
import type { ConversationsDeps, WriteDeps } from './deps.ts'
import * as erasing from './erase.ts'
import { forgetErased } from './erased-notifications.ts'
import * as opening from './open-conversation.ts'
import * as publishing from './publish.ts'
import * as chatStates from './publish-chat-state.ts'
import * as stepUps from './step-up-consumer.ts'
import { delayOf } from './account-lookups.ts'
import { surveyOf } from './survey-of.ts'
import { conversationTimer } from './timer-work.ts'
import { followChangedTimes } from './times-changed.ts'
import * as updating from './update-conversation.ts'

/** The write path: everything that changes conversations, and the documents of agents and consumers with them. */
export type Conversations = ReturnType<typeof openConversations>

/** Registers its timers with `delivery`: open it before `delivery.start()`. */
export function openConversations(outer: ConversationsDeps) {
  const { store, delivery, reading } = outer
  const deps: WriteDeps = { ...outer, documents: reading.documents, queue: openKeyedQueue() }
  delivery.onTimer(conversationTimer(deps))
  const timesFollowUp = followChangedTimes(deps)
  const erased = forgetErased(store, reading)
  return {
    ...withDeps(deps, {
      ...opening,
      ...publishing,
      ...chatStates,
      ...updating,
      ...stepUps,
      ...botActions,
      ...surveyBotActions,
      ...changes,
      ...agents,
      ...erasing,
      delayOf,
      surveyOf,
    }),
    /** In the transaction of a change of idle times: conversations that wait already follow it, too. */
    adjustTimersSoon: timesFollowUp.arm,
    [Symbol.dispose]: () => erased[Symbol.dispose](),
  }
}
