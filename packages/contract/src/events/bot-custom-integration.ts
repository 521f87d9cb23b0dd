import * as z from 'zod'
import { sampleBotRequest } from './bot-hook.ts'
import type { EventDefinition } from './event.ts'
import { Numeric } from './numeric.ts'
import { SentClientProperties } from './sent-client-properties.ts'

const code = `function lambda(input, callback) {
  const { message, event } = input.payload;
  if (event) return callback(null, { messages: ['Welcome! How can I help?'], context: {} });
  // A message has at most 8000 characters.
  const answer = \`You said: \${message}\`.slice(0, 8000);
  return callback(null, { messages: [answer], context: {} });
}
`

/** The raw event: in messaging a message of a dialog, in live chat a line, whose members are other ones. */
const LpEvent = z.looseObject({
  sequence: z.number().optional().describe('Place of the message in its dialog, beginning at 0'),
  originatorId: z.string().optional().describe('The participant id of who has written'),
  originatorMetadata: z
    .looseObject({
      id: z.string().describe('The participant id of who has written'),
      role: z.string().describe('Such as CONSUMER'),
      clientProperties: SentClientProperties.optional().describe('What the client says of itself'),
    })
    .optional(),
  serverTimestamp: z
    .number()
    .optional()
    .describe('When it was written, in milliseconds since 1970'),
  event: z
    .looseObject({
      type: z.string().describe('ContentEvent, or RichContentEvent'),
      contentType: z.string().optional().describe('Such as text/plain'),
      message: z.unknown().optional().describe('The text, or what is known of a file'),
    })
    .optional()
    .describe('What was written; the welcome event has none'),
  dialogId: z.string().optional().describe('The id of the dialog'),
  conversationId: z.string().optional().describe('The id of the conversation'),
  metadata: z.unknown().optional().describe('What the client has sent beside it, or null'),
  messageAudience: z.string().optional().describe('ALL, or AGENTS_AND_MANAGERS'),
  lastConsumerMessage: z
    .unknown()
    .optional()
    .describe('With the welcome event: what the consumer had written last, as such an event'),
  conversationContext: z
    .looseObject({
      skillId: z.string().describe('The skill of the conversation'),
      campaignId: Numeric.optional().describe('The id of the campaign'),
      engagementId: Numeric.optional().describe('The id of the engagement'),
      type: z.string().describe('MESSAGING or CHAT'),
      visitor: z.looseObject({}).optional().describe('visitorId, sessionId, contextId'),
    })
    .optional()
    .describe('Where the consumer writes'),
})

/** What a bot that is a function gets for every message of the consumer. */
export const BotRequest = z.looseObject({
  message: z.string().optional().describe('What the consumer has written'),
  convId: z.string().describe('The id of the conversation'),
  event: z
    .looseObject({ name: z.string() })
    .optional()
    .describe('Instead of a message, such as the welcome event'),
  context: z
    .looseObject({
      lpEvent: LpEvent.describe('The message as it came, and where it was written'),
      lpSdes: z
        .looseObject({
          unauthenticatedSdes: z.looseObject({}),
          authenticatedSdes: z.looseObject({}),
        })
        .describe('The attributes of the engagement by their types, where the bot collects them'),
    })
    .describe('What is known beside the message'),
})
export type BotRequest = z.infer<typeof BotRequest>

/** What such a bot answers. */
export const BotAnswer = z.looseObject({
  messages: z.array(z.unknown()),
  context: z.looseObject({}),
})
export type BotAnswer = z.infer<typeof BotAnswer>

/** `spec/events.md` 6, `spec/bots.md` 3.3. */
export const botCustomIntegration: EventDefinition = {
  id: 'bot_connectors_custom_integration',
  name: 'Third-Party Bots Custom Integration',
  description: 'The consumer has written to a bot whose answers come from this function.',
  source: 'Bot Connector',
  limit: 15,
  supportsSkills: false,
  payload: BotRequest,
  result: BotAnswer,
  samplePayload: {
    headers: [],
    payload: sampleBotRequest,
  },
  templates: [
    {
      name: 'Default Template',
      description: 'Welcomes the consumer and repeats what was written.',
      code,
    },
  ],
  skeleton: code,
}
