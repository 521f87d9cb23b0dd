import type { BotIntent, BotMessage } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { BotDecision } from './channel.ts'

/** What was said until a pause, an end or a message that cannot be sent. */
export interface Said {
  /** Set before a pause: what comes after it. */
  pause?: { ms: number; typing: boolean; rest: BotMessage[] }
  failed?: boolean
}

/** Says messages until the first pause. A message that the channel does not take is a failure: nothing after it is said. */
export function sayUntilPause(
  decision: BotDecision,
  messages: readonly BotMessage[],
  intents?: readonly BotIntent[],
): Said {
  for (const [index, message] of messages.entries()) {
    if (message.type === 'pause') {
      const { seconds, typing } = message
      return { pause: { ms: seconds * 1000, typing, rest: messages.slice(index + 1) } }
    }
    try {
      decision.say(message, index === 0 ? intents : undefined)
    } catch (error) {
      if (error instanceof ParleyError) return { failed: true }
      throw error
    }
  }
  return {}
}

/** As the published bots tell agents what they have understood. */
export function botResponse(intents: readonly BotIntent[] | undefined): Record<string, unknown>[] {
  if (!intents || intents.length === 0) return []
  return [{ type: 'BotResponse', intents: [...intents] }]
}
