import { type ConversationState, NO_SKILL, type SurveyRun } from '@parley/contract'
import * as z from 'zod'
import type { OutboxConsumer } from '#base/delivery'
import type { Delivery } from '#base/delivery'
import { type Invocations, missedRun } from '#faas/invocations'
import { type Logger, uuidOf } from '#base/kernel'
import type { OutboxInsert } from '#base/store'
import { surveyPayload } from './survey-payload.ts'

const CONSUMER = 'survey-events'

export const STARTED = 'surveybot_messaging_survey_started'
export const ENDED = 'surveybot_messaging_survey_ended'

const EventFacts = z.object({
  eventId: z.enum([STARTED, ENDED]),
  conversationId: z.string(),
  skillId: z.string(),
  dialogId: z.string(),
  payload: z.unknown(),
})
type EventFacts = z.infer<typeof EventFacts>

/**
 * The outbox row of an event, for the commit of the step that raises it. Its ordering key is not the survey's: a slow
 * function never delays the survey.
 */
export function eventRow(
  accountId: string,
  eventId: EventFacts['eventId'],
  run: SurveyRun,
  conversation: ConversationState,
): OutboxInsert {
  const { conversationId, skillId, dialogId } = run
  const payload = surveyPayload(accountId, run, conversation)
  const facts: EventFacts = { eventId, conversationId, skillId, dialogId, payload }
  return { consumer: CONSUMER, orderingKey: dialogId, facts }
}

/**
 * Invokes the functions of the two events, once: their results and failures change nothing. What the platform could not run is run later,
 * by delivery's policy.
 */
export function eventConsumer({
  invocations,
  delivery,
  logger,
}: {
  invocations: Pick<Invocations, 'invokeEvent'>
  delivery: Delivery
  logger: Logger
}): OutboxConsumer<EventFacts> {
  return {
    name: CONSUMER,
    workers: 'functions',
    facts: EventFacts,
    async handle({ id, accountId, attempt, facts }) {
      const { eventId, conversationId, skillId, dialogId, payload } = facts
      const answer = await invocations.invokeEvent(accountId, {
        eventId,
        conversationId,
        skillId: skillId === '' ? NO_SKILL : skillId,
        // The same however often the event is delivered.
        invocationId: uuidOf(`${eventId} ${dialogId}`),
        source: 'Post Survey Bot',
        attempt,
        payload,
      })
      const records = answer.functions.map(({ record }) => record)
      const missed = missedRun(answer)
      if (missed) {
        await delivery.commit({ accountId, documents: [], invocations: records })
        throw new Error(`The function ${missed.name} could not be run`)
      }
      for (const { outcome } of answer.functions) {
        if (!outcome.ok) {
          logger.warn(
            { accountId, conversationId, eventId, errorCode: outcome.errorCode },
            'The function of a survey failed',
          )
        }
      }
      await delivery.commit({
        accountId,
        documents: [],
        completesRow: { outboxId: id },
        invocations: records,
      })
    },
  }
}
