import { type BotErrorSuffix, botErrorName } from '@parley/contract'
import * as z from 'zod'
import type { OutboxConsumer } from '#base/delivery'
import type { OutboxInsert } from '#base/store'
import type { BotAgentsDeps } from './deps.ts'
import { insertError } from './repository.ts'

const CONSUMER = 'bot-errors'

const Facts = z.object({
  botId: z.string(),
  kind: z.string(),
  errorId: z.uuid(),
  name: z.string(),
  conversationId: z.string(),
  at: z.number(),
  detail: z.unknown().optional(),
})

/** The row of a failure, for the commit of what follows from it. */
export function errorRow(
  { ids, clock }: Pick<BotAgentsDeps, 'ids' | 'clock'>,
  { botId, kind }: { botId: string; kind: string },
  conversationId: string,
  failure: { error: BotErrorSuffix; detail?: unknown },
): OutboxInsert {
  const facts: z.infer<typeof Facts> = {
    botId,
    kind,
    errorId: ids.uuid(),
    name: botErrorName(failure.error),
    conversationId,
    at: clock.now(),
    ...(failure.detail !== undefined && { detail: failure.detail }),
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
      const { kind, at, detail, ...error } = facts
      await deps.store.transaction((tx) =>
        insertError(tx, accountId, { ...error, at: new Date(at) }),
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
