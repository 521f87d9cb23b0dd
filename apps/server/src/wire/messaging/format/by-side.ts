import type { ConversationState, StoredMessage } from '@parley/contract'
import type { ChatState } from '#messaging/reading'
import { agentChatState, agentConversation, agentMessage, erasedForAgents } from './agent-side.ts'
import {
  consumerChatState,
  consumerConversation,
  consumerMessage,
  erasedForConsumer,
} from './consumer-side.ts'
import { notificationFrame } from './frames.ts'

/** The protocol has two sides: one for agents and bots, one for consumers. */
export type Side = 'agent' | 'consumer'

/** The client that a format is for. */
export interface Recipient {
  side: Side
  accountId: string
}

export function formatConversation({ side, accountId }: Recipient, state: ConversationState) {
  return side === 'agent'
    ? agentConversation(accountId, state)
    : consumerConversation(accountId, state)
}

/** What is left to say of a conversation that is erased: the members that clients need in a DELETE. */
export function formatErased({ side, accountId }: Recipient, conversationId: string) {
  return side === 'agent'
    ? erasedForAgents(accountId, conversationId)
    : erasedForConsumer(accountId, conversationId)
}

export function formatMessage({ side, accountId }: Recipient, message: StoredMessage) {
  return side === 'agent' ? agentMessage(accountId, message) : consumerMessage(message)
}

/** The frame that notifies of a new message. */
export function messageFrame(recipient: Recipient, message: StoredMessage): string {
  return eventFrame(recipient.side, message.dialogId, formatMessage(recipient, message))
}

/** The frame that notifies of a chat state. */
export function chatStateFrame({ side, accountId }: Recipient, chatState: ChatState): string {
  const formatted =
    side === 'agent' ? agentChatState(accountId, chatState) : consumerChatState(chatState)
  return eventFrame(side, chatState.dialogId, formatted)
}

function eventFrame(side: Side, dialogId: string, formatted: object): string {
  return side === 'agent'
    ? notificationFrame('.ams.ms.OnlineEventDistribution', formatted)
    : notificationFrame('ms.MessagingEventNotification', { dialogId, changes: [formatted] })
}
