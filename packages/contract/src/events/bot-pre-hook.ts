import * as z from 'zod'
import { botHook, PASS_ON, sampleBotRequest } from './bot-hook.ts'

/** `spec/events.md` 6, `spec/bots.md` 3.5. */
export const botPreHook = botHook({
  id: 'bot_connectors_pre_hook',
  name: 'Third-Party Bots Pre Hook',
  description: 'A bot has received a message: runs before its vendor sees the payload.',
  payload: z.unknown(),
  result: z.unknown(),
  samplePayload: { headers: [], payload: sampleBotRequest },
  skeleton: PASS_ON,
})
