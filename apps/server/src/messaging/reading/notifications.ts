import { type ConversationState, Originator, type StoredMessage } from '@parley/contract'
import * as z from 'zod'

/** A conversation after a commit: its newest state and the messages that came with it. */
export interface ConversationUpdate {
  accountId: string
  conversationId: string
  version: number
  state: ConversationState
  messages: readonly StoredMessage[]
}

/** Typing, or presence in a dialog. Never stored, so never numbered. */
export const ChatState = z.object({
  accountId: z.string(),
  conversationId: z.string(),
  dialogId: z.string(),
  originator: Originator,
  event: z.object({ type: z.literal('ChatStateEvent'), chatState: z.string() }),
})
export type ChatState = z.infer<typeof ChatState>

/** What an update's NOTIFY carries: ids, by which other nodes read the rest. */
export const UpdateNotification = z.object({
  node: z.string(),
  accountId: z.string(),
  conversationId: z.string(),
  version: z.number(),
  /** First and last sequence by dialog. */
  messages: z.record(z.string(), z.tuple([z.number(), z.number()])),
})
export type UpdateNotification = z.infer<typeof UpdateNotification>
export type UpdateFacts = Omit<UpdateNotification, 'node'>

export const ChatStateNotification = z.object({ node: z.string(), ...ChatState.shape })

export const AgentNotification = z.object({
  node: z.string(),
  accountId: z.string(),
  userId: z.string(),
})

/** First and last sequence by dialog. */
export function rangesOf(messages: readonly StoredMessage[]): Record<string, [number, number]> {
  const ranges: Record<string, [number, number]> = {}
  for (const { dialogId, sequence } of messages) {
    ranges[dialogId] = [ranges[dialogId]?.[0] ?? sequence, sequence]
  }
  return ranges
}

/** The first sequence of each dialog; messages are in order. */
export function sequencesOf(messages: readonly StoredMessage[]): Map<string, number> {
  return new Map(messages.toReversed().map(({ dialogId, sequence }) => [dialogId, sequence]))
}
