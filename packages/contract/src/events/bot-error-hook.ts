import * as z from 'zod'
import { BotAnswer, BotRequest } from './bot-custom-integration.ts'
import { botHook, sampleBotAnswer, sampleBotRequest } from './bot-hook.ts'

const skeleton = `function lambda(input, callback) {
  const { error, vendor } = input.payload;
  console.error(\`\${vendor}: \${error.errorId} \${error.name}\`);
  // Nothing goes back to the bot.
  callback(null, 'ok');
}
`

/** `spec/events.md` 6, `spec/bots.md` 3.5. */
export const botErrorHook = botHook({
  id: 'bot_connectors_error_hook',
  name: 'Third-Party Bots Error Hook',
  description: 'A bot has an issue.',
  payload: z.looseObject({
    error: z
      .object({ errorId: z.string(), name: z.string() })
      .describe('What went wrong, and the id to find it by'),
    vendor: z.string().describe('Who answers for the bot'),
    faasPayload: BotRequest.optional().describe('What the bot was asked'),
    faas: BotAnswer.optional().describe('What the bot has answered'),
  }),
  result: z.unknown(),
  samplePayload: {
    headers: [],
    payload: {
      error: {
        errorId: '6d0a8a1c-7a53-4a5c-9f0b-52b3c1f8d2ab',
        name: 'com.liveperson.bot-connectors-worker.error.aivendor.faas.invoke-lambda',
      },
      vendor: 'faas',
      faasPayload: sampleBotRequest,
      faas: sampleBotAnswer,
    },
  },
  skeleton,
})
