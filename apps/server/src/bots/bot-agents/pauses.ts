import { z } from 'zod'
import type { TimerKind } from '#base/delivery'
import type { BotAgentsDeps } from './deps.ts'
import { wakeRow } from './wake.ts'

/** The timer after which a bot goes on, or has waited long enough for more messages. Its key is the conversation. */
export const PAUSE = 'bot-pause'

const Facts = z.object({ conversationId: z.string() })

export function pauseTimer({ delivery }: BotAgentsDeps): TimerKind<z.infer<typeof Facts>> {
  return {
    kind: PAUSE,
    workers: 'platform',
    facts: Facts,
    exhausted: 'dead letter',
    async fire({ accountId, kind, key, generation, facts: { conversationId } }) {
      await delivery.commit({
        accountId,
        documents: [],
        outbox: [wakeRow(conversationId)],
        completesTimer: { kind, key, generation },
      })
    },
  }
}
