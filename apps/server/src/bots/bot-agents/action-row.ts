import { BotAction } from '@parley/contract'
import { z } from 'zod'
import type { OutboxInsert } from '#base/store'
import type { BotAgent } from './bot-kind.ts'

/** The outbox consumer of functions that bots want run. */
export const ACTIONS = 'bot-invocations'

export const ActionFacts = z.object({
  conversationId: z.string(),
  botId: z.string(),
  action: BotAction.options[3],
})
export type ActionFacts = z.infer<typeof ActionFacts>

/** A function that a bot wants run after its messages: it runs once the messages are committed. */
export function actionRow(
  conversationId: string,
  { botId }: BotAgent,
  action: ActionFacts['action'],
): OutboxInsert {
  const facts: ActionFacts = { conversationId, botId, action }
  return { consumer: ACTIONS, orderingKey: conversationId, facts }
}
