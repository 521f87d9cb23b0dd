import { z } from 'zod'
import { Numeric } from './numeric.ts'
import { SentClientProperties } from './sent-client-properties.ts'

const Participant = z.object({ id: z.string(), role: z.string() })

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
  conversationId: z.string(),
  accountId: z.string(),
  surveyId: z.number(),
  surveyRevision: z.number(),
  skillId: z.string(),
  effectiveTTR: z.number(),
  lastContentEventNotification: z
    .object({
      originatorId: z.string(),
      originatorPId: z.string(),
      sequence: z.number(),
      serverTimestamp: z.number(),
      event: z.looseObject({ type: z.string() }),
      originatorClientProperties: SentClientProperties.optional(),
    })
    .optional(),
  campaignInfo: z
    .object({ campaignId: Numeric.optional(), engagementId: Numeric.optional() })
    .optional(),
  closeReason: z.string(),
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
  dialogs: z.array(Dialog),
  firstConversation: z.boolean(),
  participants: z.array(Participant),
  state: z.enum(['OPEN', 'CLOSE']),
  startTs: z.number(),
  ttr: z.object({ ttrType: z.string(), value: z.number() }),
  lastQuestionId: z.string().optional(),
})
export type SurveyPayload = z.infer<typeof SurveyPayload>
