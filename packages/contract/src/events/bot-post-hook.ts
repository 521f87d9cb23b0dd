import * as z from 'zod'
import { botHook, PASS_ON, sampleBotAnswer } from './bot-hook.ts'

/** `spec/events.md` 6, `spec/bots.md` 3.5. */
export const botPostHook = botHook({
  id: 'bot_connectors_post_hook',
  name: 'Third-Party Bots Post Hook',
  description: 'A bot has received a message: runs after its vendor has answered.',
  payload: z.unknown(),
  result: z.unknown(),
  samplePayload: { headers: [], payload: sampleBotAnswer },
  skeleton: PASS_ON,
})
