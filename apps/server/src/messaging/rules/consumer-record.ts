import type { ConversationState } from '@parley/contract'
import * as z from 'zod'
import { ParleyError } from '#base/kernel'
import { mainDialog } from './decision.ts'

/** What is stored about all conversations of a consumer. */
export const ConsumerState = z.object({
  openConversationId: z.string().optional(),
  conversations: z.number(),
  previous: z
    .object({
      conversationId: z.string(),
      /** When its main dialog was closed: a survey may follow. */
      endAt: z.number(),
      autoClosed: z.boolean(),
    })
    .optional(),
  /** Conversations that this id left by stepping up; it may still read them. */
  left: z.array(z.string()).optional(),
})
export type ConsumerState = z.infer<typeof ConsumerState>

/** Which consumers' records a change touches: opening, ending and stepping up do. */
export function touchedConsumers(
  before: ConversationState | undefined,
  after: ConversationState,
): string[] {
  if (!before) return [after.consumerId]
  if (before.consumerId !== after.consumerId) return [before.consumerId, after.consumerId]
  return before.stage === 'OPEN' && after.stage === 'CLOSE' ? [after.consumerId] : []
}

/** A consumer has at most one open conversation. How the last one ended decides which events the next one raises. */
export function consumerAfter(
  consumer: ConsumerState,
  consumerId: string,
  before: ConversationState | undefined,
  after: ConversationState,
): ConsumerState {
  const { conversationId } = after
  const arrives = after.consumerId === consumerId && before?.consumerId !== consumerId
  if (arrives) {
    if (consumer.openConversationId && consumer.openConversationId !== conversationId) {
      throw new ParleyError(
        'consumer_has_conversation',
        `The consumer has the open conversation "${consumer.openConversationId}"`,
      )
    }
    return {
      ...consumer,
      openConversationId: conversationId,
      conversations: consumer.conversations + 1,
    }
  }
  const { openConversationId: _ended, ...rest } = consumer
  if (after.consumerId !== consumerId) {
    return { ...rest, left: [...(rest.left ?? []), conversationId] }
  }
  return {
    ...rest,
    previous: {
      conversationId,
      endAt: mainDialog(after).closedAt ?? after.updatedAt,
      autoClosed: after.autoClosed ?? false,
    },
  }
}
