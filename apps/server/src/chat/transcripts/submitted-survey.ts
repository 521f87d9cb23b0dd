import { ChatPostSurveyPayload } from '@parley/contract/events'
import { z } from 'zod'

/** The outbox consumer that decides who gets a chat's transcript. */
export const TRANSCRIPT_DECISION = 'transcript-decision'

/** A chat whose survey has just been submitted: all that the decision needs, as it was then. */
export const SubmittedSurvey = z.object({
  chatId: z.string(),
  /** What functions know as the request id, however often a node dies while it asks them. */
  invocationId: z.string(),
  skillId: z.string(),
  agentId: z.string().optional(),
  payload: ChatPostSurveyPayload,
})
export type SubmittedSurvey = z.infer<typeof SubmittedSurvey>
