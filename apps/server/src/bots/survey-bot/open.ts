import { ChangeFacts } from '@parley/contract'
import * as z from 'zod'
import type { OutboxRow } from '#base/delivery'
import type { Http } from '#base/http'
import type { SurveyBotDeps } from './deps.ts'
import { endOldRevisions } from './end-old-revisions.ts'
import { eventConsumer } from './events.ts'
import { ExpiryFacts, expiryTimer } from './expiry.ts'
import { expireSurvey, finishSurvey, type FlowDeps, handleAnswer, startSurvey } from './flow.ts'
import { surveysOf } from './history.ts'
import { clearSkill, eraseConversations } from './repository.ts'
import { surveyRoutes } from './routes.ts'
import { CONSUMER } from './survey-assignments.ts'

export interface SurveyBot {
  /** Its native API. */
  routes(http: Http): void
  /** The surveys of each conversation as the published history shows them. */
  history(accountId: string, conversationIds: readonly string[]): Promise<Map<string, object[]>>
  /** Drops everything that is kept about these conversations. */
  erase(accountId: string, gone: { conversationIds: readonly string[] }): Promise<void>
  /** Ends revisions that nothing refers to. Resolves to whether none is left. */
  endOld(accountId: string): Promise<boolean>
}

/** Starts asking consumers after their conversations. Open it before `delivery.start()`. */
export function openSurveyBot(deps: SurveyBotDeps): SurveyBot {
  const { delivery, store } = deps
  delivery.consume(eventConsumer(deps))
  delivery.consume({
    name: CONSUMER,
    workers: 'functions',
    facts: z.union([ChangeFacts, ExpiryFacts]),
    handle: ({ facts, ...row }) =>
      'change' in facts
        ? handleChange(deps, { ...row, facts })
        : expireSurvey(deps, { ...row, facts }),
  })
  delivery.onTimer(expiryTimer(deps))
  deps.accounts.alsoRemoveWithSkills({
    remove: clearSkill,
    removed: deps.assignments.changed,
  })

  return {
    routes: (http) => surveyRoutes(http, deps),
    history: (accountId, conversationIds) => surveysOf(store.db, accountId, conversationIds),
    erase: (accountId, { conversationIds }) =>
      eraseConversations(store.db, accountId, conversationIds),
    endOld: (accountId) => endOldRevisions(deps, accountId),
  }
}

async function handleChange(deps: FlowDeps, row: OutboxRow<ChangeFacts>): Promise<void> {
  const { change } = row.facts
  if (change.kind === 'closed') return await startSurvey(deps, row)
  if (change.kind === 'message') return await handleAnswer(deps, row, change)
  if (change.kind === 'survey-closed') return await finishSurvey(deps, row, change)
  // `wants` of the survey assignments lets rows of these kinds be written only.
  await deps.delivery.end(row)
}
