import * as z from 'zod'
import { sampleBotRequest } from './bot-hook.ts'
import type { EventDefinition } from './event.ts'

const code = `function lambda(input, callback) {
  const { message, event } = input.payload;
  if (event) return callback(null, { messages: ['Welcome! How can I help?'], context: {} });
  return callback(null, { messages: [\`You said: \${message}\`], context: {} });
}
`

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
      lpEvent: z.unknown().optional().describe('The message or change as it came'),
      lpSdes: z.unknown().optional().describe('The attributes of the visitor'),
    })
    .describe('What the function has answered last as its `context`, with what is added to it'),
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
