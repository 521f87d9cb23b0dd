import * as z from 'zod'
import type { TimerKind } from '#base/delivery'
import type { OutboxInsert, TimerArm } from '#base/store'
import type { SurveyBotDeps } from './deps.ts'
import { CONSUMER } from './survey-assignments.ts'

const DialogFacts = z.object({ conversationId: z.string(), dialogId: z.string() })
type DialogFacts = z.infer<typeof DialogFacts>

/** What a survey's row carries once its time is over. */
export const ExpiryFacts = DialogFacts.extend({ expiredAt: z.number() })
export type ExpiryFacts = z.infer<typeof ExpiryFacts>

/** The timer of a survey's time. Its key is the dialog. */
export const EXPIRY = 'survey-expiry'

export function expiryAt(dueAt: number, { conversationId, dialogId }: DialogFacts): TimerArm {
  return { kind: EXPIRY, key: dialogId, dueAt, facts: { conversationId, dialogId } }
}

/** Only tells the bot, in its turn: what the consumer has written before is read first, and counts. */
export function expiryTimer({ delivery }: SurveyBotDeps): TimerKind<DialogFacts> {
  return {
    kind: EXPIRY,
    workers: 'platform',
    facts: DialogFacts,
    exhausted: 'dead letter',
    async fire({ accountId, kind, key, generation, facts, dueAt }) {
      const told: ExpiryFacts = { ...facts, expiredAt: dueAt }
      const row: OutboxInsert = {
        consumer: CONSUMER,
        orderingKey: facts.conversationId,
        facts: told,
      }
      const completesTimer = { kind, key, generation }
      await delivery.commit({ accountId, documents: [], outbox: [row], completesTimer })
    },
  }
}
