import { z } from 'zod'
import { CbotEventType } from './cbot-event-type.ts'
import type { Sections } from './messaging-events.ts'
import { Numeric } from './numeric.ts'

/**
 * The section that every messaging event carries (`spec/events.md` 2.3). Instants are milliseconds since 1970.
 * Published misspellings: `engangementId`, `clientIpAdress`; published with a small letter: `contexttype`.
 * Fields with two spellings carry the same value under both: functions have been
 * written from either. A field without a source in the conversation is absent.
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

export type GeneralSection = z.infer<typeof General>

/** `general` always, and the section of the one event that it is. */
export type MessagingPayload = { general: GeneralSection } & Partial<Sections>
