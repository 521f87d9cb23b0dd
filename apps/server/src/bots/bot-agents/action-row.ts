import { BotAction } from '@parley/contract'
import * as z from 'zod'
import type { OutboxInsert } from '#base/store'
import type { BotAgent } from './bot-kind.ts'
import type { BotConversation } from './conversation.ts'
import { ConversationRef } from './wake.ts'

/** The outbox consumer of functions that bots want run. */
export const ACTIONS = 'bot-invocations'

export const ActionFacts = z.object({
  ...ConversationRef.shape,
  botId: z.string(),
  /** When the conversation had come to the bot. Rows of nodes of earlier versions do not say it. */
  since: z.number().optional(),
  action: BotAction.options[3],
  /** What the bot was asked and has answered, should it fail. */
  detail: z.unknown().optional(),
})
export type ActionFacts = z.infer<typeof ActionFacts>

/** A function that a bot wants run after its messages: it runs once the messages are committed. */
export function actionRow(
  { channel, conversationId, since }: BotConversation,
  { botId }: BotAgent,
  action: ActionFacts['action'],
  detail: unknown,
): OutboxInsert {
  const told = detail !== undefined && { detail }
  const facts: ActionFacts = { channel, conversationId, botId, since, action, ...told }
  return { consumer: ACTIONS, orderingKey: conversationId, facts }
}
