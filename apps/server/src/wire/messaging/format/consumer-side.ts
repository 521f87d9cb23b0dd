import type { ConversationState, Dialog, StoredMessage } from '@parley/contract'
import { typedClientProperties } from '@parley/contract/events'
import { participantsOf } from '#messaging/rules'
import type { ChatState } from '#messaging/reading'
import { details, dialogDetails, ERASED, lastContent } from './conversation-details.ts'

/** A conversation in notifications to its consumer: participants as lists, with one id each. */
export function consumerConversation(accountId: string, state: ConversationState) {
  const last = lastContent(state)
  return {
    convId: state.conversationId,
    effectiveTTR: state.effectiveTtr,
    conversationDetails: {
      ...details(state),
      brandId: accountId,
      participants: participantsOf(state).map(({ pid, role }) => ({ id: pid, role })),
      dialogs: state.dialogs.map(consumerDialog),
    },
    ...(last && { lastContentEventNotification: consumerMessage(last) }),
  }
}

export function erasedForConsumer(accountId: string, conversationId: string) {
  const conversationDetails = { ...ERASED, brandId: accountId, participants: [] }
  return { convId: conversationId, effectiveTTR: -1, conversationDetails }
}

function consumerDialog(dialog: Dialog) {
  return {
    ...dialogDetails(dialog),
    participantsDetails: dialog.participants.map(({ pid, role, state }) => ({
      id: pid,
      role,
      state,
    })),
  }
}

/** A stored message as consumers read it. */
export function consumerMessage(message: StoredMessage) {
  const { originator, clientProperties } = message
  return {
    sequence: message.sequence,
    originatorId: originator.pid,
    originatorMetadata: { id: originator.pid, role: originator.role },
    ...(clientProperties &&
      originator.role === 'CONSUMER' && {
        originatorClientProperties: typedClientProperties(clientProperties),
      }),
    serverTimestamp: message.at,
    event: message.event,
    conversationId: message.conversationId,
    dialogId: message.dialogId,
    ...(message.metadata && { metadata: message.metadata }),
    ...(message.encodedMetadata !== undefined && { encodedMetadata: message.encodedMetadata }),
    messageAudience: message.audience,
  }
}

export function consumerChatState({ conversationId, dialogId, originator, event }: ChatState) {
  return {
    originatorId: originator.pid,
    originatorMetadata: { id: originator.pid, role: originator.role },
    event,
    conversationId,
    dialogId,
    messageAudience: 'ALL',
  }
}
