import { z } from 'zod'
import { CbotEventType } from './cbot-event-type.ts'
import { Numeric } from './numeric.ts'

/**
 * Fields with two spellings carry the same value under both: the published table misspells some names, and functions
 * have been written from either. A field without a source in the conversation is absent.
 */
export const General = z.object({
  cbotEventType: CbotEventType,
  type: z.literal('UPSERT'),
  convId: z.string(),
  dialogId: z.string(),
  sessionId: Numeric.optional(),
  startTs: z.number(),
  effectiveTTR: z.number(),
  oldConvState: z.enum(['OPEN', 'CLOSE']),
  newConvState: z.enum(['OPEN', 'CLOSE']),
  contexttype: z.string().optional(),
  contextType: z.string().optional(),
  campaignInfo: z
    .object({
      id: Numeric.optional(),
      engangementId: Numeric.optional(),
      engagementId: Numeric.optional(),
    })
    .optional(),
  clientLanguage: z.string().optional(),
  clientFeatures: z.array(z.string()).optional(),
  inOffHours: z.boolean(),
  visitorId: Numeric.optional(),
  originatorId: Numeric,
  originatorPid: z.string(),
  originatorMetadata: z.object({ id: z.string(), role: z.string() }),
  serverTimestamp: z.number(),
  clientIpAdress: z.string().optional(),
  clientIpAddress: z.string().optional(),
  manualETTR: z.string().optional(),
  lastMessageComposer: z.string().optional(),
  lastMessageTs: z.number().optional(),
  lastAgentMsgTs: z.number().optional(),
  backToQueueTs: z.number().optional(),
})

const Threshold = z.object({ time: z.number(), timeUnits: z.enum(['seconds', 'minutes']) })
const Participant = z.object({ id: z.string(), role: z.string() })
const Ttr = z.object({ ttrType: z.string(), value: z.number() })

/** The section that an event adds to `general`. */
export const SECTIONS = {
  end: z.object({ closeReason: z.enum(['AGENT', 'CONSUMER', 'SYSTEM']) }),
  idle: z.object({
    lastConsumerMsgTs: z.number().optional(),
    agentNonResponsive: Threshold,
    consumserNonResponsive: Threshold,
    consumerNonResponsive: Threshold,
    convNotTakenTime: Threshold,
  }),
  mid: z.object({ openedInOffHours: z.boolean() }),
  participantChange: z.object({
    oldParticipants: z.array(Participant),
    newParticipants: z.array(Participant),
  }),
  routing: z.object({ oldSkillId: z.string(), newSkillId: z.string() }),
  start: z.object({ firstConversation: z.boolean() }),
  ttr: z.object({ oldTtr: Ttr, newTtr: Ttr }),
}

export type GeneralSection = z.infer<typeof General>
export type Sections = { [Name in keyof typeof SECTIONS]: z.infer<(typeof SECTIONS)[Name]> }

/** `general` always, and the section of the one event that it is. */
export type MessagingPayload = { general: GeneralSection } & Partial<Sections>
