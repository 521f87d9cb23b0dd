import { BotChannelName, ChangeFacts } from '@parley/contract'
import * as z from 'zod'
import type { OutboxInsert } from '#base/store'

/** The outbox consumer of conversations in which a bot may have something to do. */
export const TURNS = 'bot-turns'

/** A conversation of a bot, in rows and timers. */
export const ConversationRef = z.object({
  conversationId: z.string(),
  channel: BotChannelName.default('messaging'),
})
export type ConversationRef = z.infer<typeof ConversationRef>

/** A row says where to look: what is to be done is read from the conversation, so that no row is needed twice. */
export const WakeFacts = z.union([
  ConversationRef,
  ChangeFacts.transform(({ conversation: { conversationId } }) => ({
    conversationId,
    channel: 'messaging' as const,
  })),
])
export type WakeFacts = z.infer<typeof WakeFacts>

/** Rows of one conversation run one after the other. */
export function wakeRow({ conversationId, channel }: ConversationRef): OutboxInsert {
  return { consumer: TURNS, orderingKey: conversationId, facts: { conversationId, channel } }
}
