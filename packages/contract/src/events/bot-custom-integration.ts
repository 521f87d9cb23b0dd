import { z } from 'zod'
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
  message: z.string().optional(),
  convId: z.string(),
  event: z.looseObject({ name: z.string() }).optional(),
  context: z.looseObject({ lpEvent: z.unknown().optional(), lpSdes: z.unknown().optional() }),
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
