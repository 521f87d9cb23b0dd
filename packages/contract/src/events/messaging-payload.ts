import * as z from 'zod'
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
  cbotEventType: CbotEventType.describe('What has happened, more exactly than the event says'),
  type: z.literal('UPSERT').describe('Of the notification: always UPSERT'),
  convId: z.string().describe('The id of the conversation'),
  dialogId: z.string().describe('The id of the dialog'),
  sessionId: Numeric.optional().describe('The session of the visitor'),
  startTs: z.number().describe('When the conversation began, in milliseconds since 1970'),
  effectiveTTR: z
    .number()
    .describe(
      'When an agent should have answered, in milliseconds since 1970; -1 once it is closed',
    ),
  oldConvState: z.enum(['OPEN', 'CLOSE']).describe('The state before'),
  newConvState: z.enum(['OPEN', 'CLOSE']).describe('The state now'),
  contexttype: z.string().optional().describe('The same as `contextType`'),
  contextType: z.string().optional().describe('The kind of context that the consumer wrote from'),
  messagingChannel: z.string().optional().describe('The same as `contextType`'),
  campaignInfo: z
    .object({
      id: Numeric.optional().describe('The id of the campaign'),
      campaignId: Numeric.optional().describe('The same as `id`'),
      engangementId: Numeric.optional().describe('The same as `engagementId`'),
      engagementId: Numeric.optional().describe('The id of the engagement'),
    })
    .optional()
    .describe('The campaign and the engagement that the consumer came by'),
  clientLanguage: z.string().optional().describe('The language of the device, such as `en-US`'),
  clientFeatures: z.array(z.string()).optional().describe('What the client can show'),
  inOffHours: z.boolean().describe('Whether the contact centre is closed'),
  visitorId: Numeric.optional().describe('The id of the visitor'),
  /** Always a string, against its documented type: as a number it would lose its last zeros. */
  originatorId: z.string().describe('Who has caused the change: `<account>.<user>`'),
  originatorPid: z.string().describe('The participant id of who has caused the change'),
  originatorMetadata: z
    .object({
      id: z.string().describe('The participant id of who has caused the change'),
      role: z.string().describe('Such as CONSUMER, ASSIGNED_AGENT, CONTROLLER'),
      clientProperties: SentClientProperties.optional().describe('What the client says of itself'),
    })
    .describe('Who has caused the change'),
  serverTimestamp: z.number().describe('When it happened, in milliseconds since 1970'),
  clientIpAdress: z.string().optional().describe('The same as `clientIpAddress`'),
  clientIpAddress: z.string().optional().describe('The address that the consumer wrote from'),
  manualETTR: z
    .string()
    .optional()
    .describe('The response time that an agent has set by hand, in milliseconds since 1970'),
  lastMessageComposer: z.string().optional().describe('The role of who has written last'),
  lastMessageTs: z.number().optional().describe('When the last message was written'),
  lastAgentMsgTs: z.number().optional().describe('When an agent has written last'),
  backToQueueTs: z.number().optional().describe('When it was returned to its queue'),
})

export type GeneralSection = z.infer<typeof General>

/**
 * What the function of a messaging event gets: all sections, whatever has happened. A section whose subject did not change
 * has the current state.
 */
export type MessagingPayload = { general: GeneralSection } & Sections
export const MessagingPayload: z.ZodType<MessagingPayload> = z.object({
  general: General.describe('What every event of a conversation tells'),
  ...Object.fromEntries(
    MESSAGING_EVENTS.flatMap(({ name, section }) =>
      section
        ? [[section.name, section.schema.describe(`Filled by ${name}, else the current state`)]]
        : [],
    ),
  ),
}) as unknown as z.ZodType<MessagingPayload>
