import type { ConversationState, Dialog, Participant, Role, StoredMessage } from '@parley/contract'
import { typedClientProperties } from '@parley/contract/events'
import { participantsOf, unreadMessages } from '#messaging/rules'
import type { ChatState } from '#messaging/reading'
import { details, dialogDetails, ERASED, lastContent } from './conversation-details.ts'
import { oldId } from './identity.ts'

/** A conversation in notifications to agents and bots: participants as maps, with old ids and pids side by side. */
export function agentConversation(accountId: string, state: ConversationState) {
  const roles = byRole(state)
  const entries = Object.entries(roles)
  const last = lastContent(state)
  return {
    convId: state.conversationId,
    effectiveTTR: state.effectiveTtr,
    conversationDetails: {
      ...details(state),
      brandId: accountId,
      convId: state.conversationId,
      participants: Object.fromEntries(
        entries.map(([role, all]) => [role, all.map((one) => oldId(accountId, one))]),
      ),
      participantsPId: Object.fromEntries(
        entries.map(([role, all]) => [role, all.map(({ pid }) => pid)]),
      ),
      dialogs: state.dialogs.map((dialog) => agentDialog(accountId, dialog)),
    },
    ...(last && { lastContentEventNotification: agentMessage(accountId, last) }),
    lastUpdateTime: state.updatedAt,
    numberOfunreadMessages: unreadBy(accountId, state),
  }
}

export function erasedForAgents(accountId: string, conversationId: string) {
  const brand = { brandId: accountId, convId: conversationId }
  return {
    convId: conversationId,
    effectiveTTR: -1,
    conversationDetails: { ...ERASED, ...brand, participants: {}, participantsPId: {} },
  }
}

/** By old id: what the consumer wrote and the assigned agent has neither read nor answered. */
function unreadBy(accountId: string, state: ConversationState): Record<string, number> {
  const { assignedAgentId } = state
  const agent = participantsOf(state).find(
    ({ userId, role }) => role === 'ASSIGNED_AGENT' && userId === assignedAgentId,
  )
  const unread = unreadMessages(state)
  return agent && unread > 0 ? { [oldId(accountId, agent)]: unread } : {}
}

/** Clients pair a dialog's participants with these lists by role and position. Suggested agents stand only in the dialog. */
function byRole(state: ConversationState): Partial<Record<Role, Participant[]>> {
  const roles: Partial<Record<Role, Participant[]>> = {}
  for (const participant of participantsOf(state)) {
    roles[participant.role] = [...(roles[participant.role] ?? []), participant]
  }
  return roles
}

function agentDialog(accountId: string, dialog: Dialog) {
  return {
    ...dialogDetails(dialog),
    participantsDetails: dialog.participants.map((participant) => ({
      id: oldId(accountId, participant),
      role: participant.role,
      state: participant.state,
    })),
  }
}

/** A stored message as agents and bots read it. */
export function agentMessage(accountId: string, message: StoredMessage) {
  const { originator, clientProperties } = message
  return {
    sequence: message.sequence,
    originatorId: oldId(accountId, originator),
    originatorPId: originator.pid,
    originatorMetadata: {
      id: originator.pid,
      role: originator.role,
      ...(clientProperties && {
        clientProperties: typedClientProperties(clientProperties),
      }),
    },
    ...(clientProperties && {
      originatorClientProperties: typedClientProperties(clientProperties),
    }),
    serverTimestamp: message.at,
    event: message.event,
    conversationId: message.conversationId,
    dialogId: message.dialogId,
    metadata: message.metadata ?? null,
    ...(message.encodedMetadata !== undefined && { encodedMetadata: message.encodedMetadata }),
    messageAudience: message.audience,
  }
}

export function agentChatState(
  accountId: string,
  { conversationId, dialogId, originator, event }: ChatState,
) {
  return {
    originatorId: oldId(accountId, originator),
    originatorPId: originator.pid,
    originatorMetadata: { id: originator.pid, role: originator.role },
    event,
    conversationId,
    dialogId,
    metadata: null,
    messageAudience: 'ALL',
  }
}
