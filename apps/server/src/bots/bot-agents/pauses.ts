import type { OutboxInsert, TimerArm } from '#base/store'
import type { TimerKind } from '#base/delivery'
import type { BotAgentsDeps } from './deps.ts'
import { ConversationRef, wakeRow } from './wake.ts'

/** The timer after which a bot goes on, or has waited long enough for more messages. Its key is the conversation. */
const PAUSE = 'bot-pause'

/** Looks at a conversation again at that time. */
export function pauseUntil(dueAt: number, { channel, conversationId }: ConversationRef): TimerArm {
  return { kind: PAUSE, key: conversationId, dueAt, facts: { channel, conversationId } }
}

export function pauseTimer({ delivery }: BotAgentsDeps): TimerKind<ConversationRef> {
  return {
    kind: PAUSE,
    workers: 'platform',
    facts: ConversationRef,
    exhausted: 'dead letter',
    async fire({ accountId, kind, key, generation, facts }) {
      const outbox: OutboxInsert[] = [wakeRow(facts)]
      const completesTimer = { kind, key, generation }
      await delivery.commit({ accountId, documents: [], outbox, completesTimer })
    },
  }
}
