import { type BotErrorSuffix, botErrorName } from '@parley/contract'
import * as z from 'zod'
import { beginningOf, cleanText } from '#base/input'
import type { OutboxConsumer } from '#base/delivery'
import type { OutboxInsert } from '#base/store'
import type { BotAgentsDeps } from './deps.ts'
import { insertError } from './repository.ts'

const CONSUMER = 'bot-errors'

/** Vendors and functions say what they like. */
const MAX_REASON_CHARACTERS = 1000

/** What goes wrong in a bot. */
export interface Failure {
  error: BotErrorSuffix
  /** What was wrong, for who runs the bot. */
  reason?: string | undefined
}

const Facts = z.object({
  botId: z.string(),
  kind: z.string(),
  errorId: z.uuid(),
  name: z.string(),
  reason: z.string().optional(),
  conversationId: z.string(),
  at: z.number(),
  detail: z.unknown().optional(),
})

/** The row of a failure, for the commit of what follows from it. */
export function errorRow(
  { ids, clock }: Pick<BotAgentsDeps, 'ids' | 'clock'>,
  { botId, kind }: { botId: string; kind: string },
  conversationId: string,
  { error, reason, detail }: Failure & { detail?: unknown },
): OutboxInsert {
  const facts: z.infer<typeof Facts> = {
    botId,
    kind,
    errorId: ids.uuid(),
    name: botErrorName(error),
    ...(reason !== undefined && {
      reason: beginningOf(cleanText(reason), MAX_REASON_CHARACTERS),
    }),
    conversationId,
    at: clock.now(),
    ...(detail !== undefined && { detail }),
  }
  return { consumer: CONSUMER, orderingKey: conversationId, facts }
}

/** Lists failures, and tells what answers for the bot. */
export function errorConsumer(deps: BotAgentsDeps): OutboxConsumer<z.infer<typeof Facts>> {
  return {
    name: CONSUMER,
    facts: Facts,
    workers: 'functions',
    async handle({ id, accountId, facts }) {
      const { kind, at, detail, reason, ...error } = facts
      await deps.store.transaction((tx) =>
        insertError(tx, accountId, { ...error, reason: reason ?? null, at: new Date(at) }),
      )
      const records = await deps.kindOf(kind).failed?.({ accountId, ...error, detail })
      await deps.delivery.commit({
        accountId,
        documents: [],
        completesRow: { outboxId: id },
        ...(records && { invocations: records }),
      })
    },
  }
}
