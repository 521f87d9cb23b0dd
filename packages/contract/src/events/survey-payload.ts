import * as z from 'zod'
import { Numeric } from './numeric.ts'
import { SentClientProperties } from './sent-client-properties.ts'

const Participant = z.object({
  id: z.string().describe('Its participant id'),
  role: z.string().describe('Such as CONSUMER, ASSIGNED_AGENT, AGENT, CONTROLLER'),
})

const Dialog = z.object({
  dialogId: z.string(),
  participantsDetails: z.array(Participant.extend({ state: z.string() })),
  dialogType: z.enum(['MAIN', 'POST_SURVEY']),
  channelType: z.literal('MESSAGING'),
  metaData: z.object({ appInstallId: z.string() }).optional(),
  state: z.enum(['OPEN', 'CLOSE']),
  creationTs: z.number(),
  endTs: z.number().optional(),
  metaDataLastUpdateTs: z.number(),
  closedBy: z.string().optional(),
  closedCause: z.string().optional(),
})

/** The payload of both survey events. It has no sections, and spells `originatorPId` with a capital I. */
export const SurveyPayload = z.object({
  conversationId: z.string().describe('The id of the conversation'),
  accountId: z.string().describe('The id of the account'),
  surveyId: z.number().describe('The id of the survey'),
  surveyRevision: z.number().describe('Which revision of the survey was asked'),
  skillId: z.string().describe('The skill that the conversation had last'),
  effectiveTTR: z
    .number()
    .describe('When an agent should have answered, in milliseconds since 1970'),
  lastContentEventNotification: z
    .object({
      originatorId: z.string(),
      originatorPId: z.string(),
      sequence: z.number(),
      serverTimestamp: z.number(),
      event: z.looseObject({ type: z.string() }),
      originatorClientProperties: SentClientProperties.optional(),
    })
    .optional()
    .describe('The last line of the conversation'),
  campaignInfo: z
    .object({ campaignId: Numeric.optional(), engagementId: Numeric.optional() })
    .optional()
    .describe('The campaign and the engagement that the consumer came by'),
  closeReason: z.string().describe('Who has closed the conversation'),
  context: z
    .object({
      clientProperties: SentClientProperties.optional(),
      interactionContextId: z.string().optional(),
      lang: z.string().optional(),
      sessionId: z.string().optional(),
      type: z.string().optional(),
      visitorId: z.string().optional(),
    })
    .optional(),
  dialogs: z.array(Dialog).describe('All dialogs of the conversation'),
  firstConversation: z.boolean().describe('Whether it is the first one of this consumer'),
  participants: z.array(Participant).describe('Who is in the conversation'),
  state: z.enum(['OPEN', 'CLOSE']).describe('The state of the dialog'),
  startTs: z.number().describe('When the conversation began, in milliseconds since 1970'),
  ttr: z
    .object({ ttrType: z.string(), value: z.number().describe('In seconds') })
    .describe('The response time'),
  lastQuestionId: z.string().optional().describe('The question that was asked last'),
})
export type SurveyPayload = z.infer<typeof SurveyPayload>
