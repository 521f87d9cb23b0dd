import * as z from 'zod'
import type { OutboxInsert } from '#base/store'

/** The outbox consumer of chats that wait: a bot of their skill takes them. */
export const OFFERS = 'bot-chat-offers'
/** The outbox consumer of consumers who type to a bot. */
export const TYPING = 'bot-chat-typing'

export const ChatFacts = z.object({ chatId: z.string() })
export type ChatFacts = z.infer<typeof ChatFacts>

export function offerRow(chatId: string): OutboxInsert {
  return { consumer: OFFERS, orderingKey: chatId, facts: { chatId } }
}

export function typingRow(chatId: string): OutboxInsert {
  return { consumer: TYPING, orderingKey: chatId, facts: { chatId } }
}
