import { ChangeFacts } from '@parley/contract'
import { z } from 'zod'
import type { ChangeObserver } from '#messaging/conversations'
import { mainDialog } from '#messaging/rules'
import type { OutboxInsert } from '#base/store'

/** The outbox consumer of conversations in which a bot may have something to do. */
export const TURNS = 'bot-turns'

/** A row says where to look: what is to be done is read from the conversation, so that no row is needed twice. */
export const WakeFacts = z.union([
  z.object({ conversationId: z.string() }),
  ChangeFacts.transform(({ conversation }) => ({ conversationId: conversation.conversationId })),
])
export type WakeFacts = z.infer<typeof WakeFacts>

/** Rows of one conversation run one after the other. */
export function wakeRow(conversationId: string): OutboxInsert {
  return { consumer: TURNS, orderingKey: conversationId, facts: { conversationId } }
}

/** Open it before conversations: bots look at what they take and at what their consumers write. */
export function botObserver(): ChangeObserver {
  return {
    consumer: TURNS,
    wants({ change, conversation }) {
      if (!conversation.servedByBot) return false
      if (change.kind === 'assigned') return true
      return (
        change.kind === 'message' &&
        change.role === 'CONSUMER' &&
        change.dialogId === mainDialog(conversation).dialogId
      )
    },
  }
}
