import { ChangeFacts } from '@parley/contract'
import { z } from 'zod'
import type { Accounts } from '#identity/accounts'
import type { Conversations } from '#messaging/conversations'
import type { Delivery, OutboxRow } from '#base/delivery'
import type { Http } from '#base/http'
import type { Invocations } from '#faas/invocations'
import type { Clock, Ids, Logger, Monotonic } from '#base/kernel'
import type { Store } from '#base/store'
import { openAssignments } from './assignments.ts'
import { eventConsumer } from './events.ts'
import {
  EXPIRY,
  expireSurvey,
  finishSurvey,
  type FlowDeps,
  hearAnswer,
  startSurvey,
  surveyDialog,
} from './flow.ts'
import { surveyAfter } from './find-survey.ts'
import { surveysOf } from './history.ts'
import { eraseConversations } from './repository.ts'
import { surveyRoutes } from './routes.ts'

const CONSUMER = 'survey-bot'

export interface SurveyBotDeps {
  store: Store
  delivery: Delivery
  accounts: Accounts
  conversations: Conversations
  invocations: Invocations
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  logger: Logger
}

export interface SurveyBot extends Disposable {
  /** Its native API. */
  mount(http: Http): void
  /** The surveys of each conversation as message histories tell them. */
  history(accountId: string, conversationIds: readonly string[]): Promise<Map<string, object[]>>
  /** Drops everything that is kept about these conversations. */
  erase(accountId: string, gone: { conversationIds: readonly string[] }): Promise<void>
}

/** Starts asking consumers after their conversations. Open it before `delivery.start()`. */
export function openSurveyBot(opened: SurveyBotDeps): SurveyBot {
  const assignments = openAssignments(opened.store)
  const deps = { ...opened, assignments }
  const { delivery, conversations } = deps
  const place = z.object({ conversationId: z.string(), dialogId: z.string() })
  delivery.consume(eventConsumer(deps))
  delivery.consume({
    name: CONSUMER,
    facts: ChangeFacts,
    handle: (row) => hear(deps, row),
  })
  delivery.onTimer({ kind: EXPIRY, facts: place, fire: (timer) => expireSurvey(deps, timer) })
  conversations.observe({ consumer: CONSUMER, wants })
  conversations.provide({
    survey: (accountId, conversation) => surveyAfter(deps, accountId, conversation),
  })

  return {
    mount: (http) => surveyRoutes(http, deps),
    history: (accountId, conversationIds) => surveysOf(opened.store.db, accountId, conversationIds),
    erase: (accountId, { conversationIds }) =>
      eraseConversations(opened.store.db, accountId, conversationIds),
    [Symbol.dispose]: () => assignments[Symbol.dispose](),
  }
}

function wants({ change, conversation }: ChangeFacts): boolean {
  const dialog = surveyDialog(conversation)
  if (!dialog) return false
  if (change.kind === 'closed') return dialog.state === 'OPEN'
  if (change.kind === 'message')
    return change.role === 'CONSUMER' && change.dialogId === dialog.dialogId
  return change.kind === 'survey-closed'
}

async function hear(deps: FlowDeps, row: OutboxRow<ChangeFacts>): Promise<void> {
  const { change } = row.facts
  if (change.kind === 'closed') return await startSurvey(deps, row)
  if (change.kind === 'message') return await hearAnswer(deps, row, change)
  if (change.kind === 'survey-closed') return await finishSurvey(deps, row, change)
  await deps.delivery.end(row)
}
