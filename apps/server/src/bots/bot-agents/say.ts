import type { BotIntent, BotMessage } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { BotDecision } from './channel.ts'

/** What was said until a pause, an end or a message that cannot be sent. */
export interface Said {
  /** Set before a pause: what comes after it. */
  pause?: { ms: number; typing: boolean; rest: BotMessage[]; untold: boolean }
  /** Why a message cannot be sent. */
  failed?: string
  /** Why a message fell; what comes after it is said. */
  fell?: string
}

/** The type of what no channel sends. */
const UNSENDABLE = 'unknown'

/** Stands in place of a message that cannot be sent: those before it are. */
export function unsendable(reason: string): BotMessage {
  return { type: 'content', event: { type: UNSENDABLE, reason }, audience: 'ALL' }
}

/**
 * Says messages until the first pause. A message that the channel does not take is a failure: nothing after it is said.
 * @param intents what the bot has understood: told with the first message, which may come after a pause (`untold`)
 */
export function sayUntilPause(
  decision: BotDecision,
  messages: readonly BotMessage[],
  intents?: readonly BotIntent[],
): Said {
  let untold = intents
  let fallen: Pick<Said, 'fell'> = {}
  for (const [index, message] of messages.entries()) {
    if (message.type === 'pause') {
      const { seconds, typing } = message
      const rest = messages.slice(index + 1)
      return {
        ...fallen,
        pause: { ms: seconds * 1000, typing, rest, untold: untold !== undefined },
      }
    }
    if (message.event.type === UNSENDABLE) return { failed: String(message.event['reason']) }
    try {
      const fell = decision.say(message, untold)
      if (fell === undefined) untold = undefined
      else fallen = { fell }
    } catch (error) {
      if (error instanceof ParleyError) return { failed: error.message }
      throw error
    }
  }
  return fallen
}

/** As the published bots tell agents what they have understood. */
export function botResponse(intents: readonly BotIntent[] | undefined): Record<string, unknown>[] {
  if (!intents || intents.length === 0) return []
  return [{ type: 'BotResponse', intents: [...intents] }]
}
