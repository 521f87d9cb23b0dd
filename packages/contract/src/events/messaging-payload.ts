import { z } from 'zod'
import { CbotEventType } from './cbot-event-type.ts'
import { MESSAGING_EVENTS, type Sections } from './messaging-events.ts'
import { Numeric } from './numeric.ts'
import { SentClientProperties } from './sent-client-properties.ts'

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
  /** The type of the context, too. */
  messagingChannel: z.string().optional(),
  campaignInfo: z
    .object({
      id: Numeric.optional(),
      /** The same as `id`. */
      campaignId: Numeric.optional(),
      engangementId: Numeric.optional(),
      engagementId: Numeric.optional(),
    })
    .optional(),
  clientLanguage: z.string().optional(),
  clientFeatures: z.array(z.string()).optional(),
  inOffHours: z.boolean(),
  visitorId: Numeric.optional(),
  /** Always a string, against its documented type: as a number it would lose its last zeros. */
  originatorId: z.string(),
  originatorPid: z.string(),
  originatorMetadata: z.object({
    id: z.string(),
    role: z.string(),
    clientProperties: SentClientProperties.optional(),
  }),
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

/**
 * What the function of a messaging event gets: all sections, whatever has happened. A section whose subject did not change
 * has the current state.
 */
export type MessagingPayload = { general: GeneralSection } & Sections
export const MessagingPayload: z.ZodType<MessagingPayload> = z.object({
  general: General,
  ...Object.fromEntries(
    MESSAGING_EVENTS.flatMap(({ section }) => section ?? []).map(({ name, schema }) => [
      name,
      schema,
    ]),
  ),
}) as unknown as z.ZodType<MessagingPayload>
