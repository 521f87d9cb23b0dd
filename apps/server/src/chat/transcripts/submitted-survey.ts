import { ChatPostSurveyPayload } from '@parley/contract/events'
import * as z from 'zod'
import type { OutboxInsert } from '#base/store'

/** The outbox consumer that decides who gets a chat's transcript. */
export const TRANSCRIPT_DECISION = 'transcript-decision'

/** A chat whose survey has just been submitted: all that the decision needs, as it was then. */
export const SubmittedSurvey = z.object({
  chatId: z.string(),
  /** What functions get as the request id. It stays the same when a node dies and another one asks them again. */
  invocationId: z.string(),
  skillId: z.string(),
  agentId: z.string().optional(),
  payload: ChatPostSurveyPayload,
})
export type SubmittedSurvey = z.infer<typeof SubmittedSurvey>

/** The outbox row for the commit of a submitted survey: who gets the transcript is decided from it. */
export function decisionRow(facts: SubmittedSurvey): OutboxInsert {
  return { consumer: TRANSCRIPT_DECISION, orderingKey: facts.chatId, facts }
}
