import type { ChangeFacts, ConversationChange, ParticipantRef, Ttr } from '@parley/contract'
import type { CbotEventType } from '@parley/contract/events'

/** Names what has happened, or says `undefined` for changes that no automatic message or function hears of. */
export function cbotEventType(facts: ChangeFacts): CbotEventType | undefined {
  const { change } = facts
  switch (change.kind) {
    case 'opened':
      return openedType(change, facts.offHours)
    case 'closed':
      return `${change.by}_END_CONVERSATION`
    case 'skill-changed':
      return change.from === change.to ? undefined : 'ENGAGEMENT_TRANSFERED'
    case 'assigned':
      return isSame(change) ? undefined : 'YOU_ARE_CONNECTED_TO'
    case 'unassigned':
      return isSame(change) ? undefined : 'BACK_TO_QUEUE'
    case 'joined':
      return isSame(change) ? undefined : 'ANOTHER_AGENT_JOINED_CONVERSATION'
    case 'left':
      return isSame(change) ? undefined : 'JOINED_AGENT_LEFT_CONVERSATION'
    case 'ttr-changed':
      return ttrType(change, facts.originator.role === 'CONSUMER')
    case 'manual-ettr':
      return 'AGENT_UPDATED_RESPONSE_TIME'
    case 'message':
      return isOffHoursMessage(change, facts) ? 'CONSUMER_SEND_MESSAGE_ON_OFFHOURS' : undefined
    case 'idle':
      return IDLE_TYPE[change.idle]
    case 'stepped-up':
      return 'CONSUMER_STEP_UP'
    case 'survey-closed':
      return undefined
  }
}

const IDLE_TYPE = {
  queue: 'CONV_AWAITING_IN_QUEUE',
  agent: 'AGENT_NON_RESPONSIVE',
  consumer: 'CONSUMER_NON_RESPONSIVE',
} as const

type Opened = Extract<ConversationChange, { kind: 'opened' }>

/** Coming back after an auto-close has a name of its own, at any hour. */
function openedType(change: Opened, offHours: boolean): CbotEventType {
  if (change.previous?.autoClosed) return 'CONSUMER_OPEN_NEW_CONVERSATION_AFTER_AUTOCLOSE'
  const first = change.firstConversation ? '_FIRST_TIME' : ''
  const hours = offHours ? '_OFF_HOURS' : ''
  return `CONSUMER_OPEN_NEW_CONVERSATION${first}${hours}`
}

function ttrType(
  { from, to }: { from: Ttr; to: Ttr },
  byConsumer: boolean,
): CbotEventType | undefined {
  if (from.ttrType === to.ttrType && from.value === to.value) return undefined
  if (!byConsumer) return 'AGENT_UPDATED_RESPONSE_TIME'
  if (from.ttrType === to.ttrType) return undefined
  if (to.ttrType === 'URGENT') return 'CONSUMER_ASKED_URGENT_RESPONSE_TIME'
  return from.ttrType === 'URGENT' ? 'CONSUMER_CANCELED_URGENT_RESPONSE_TIME' : undefined
}

/** Only where the contact centre was open when the conversation began: else the consumer has been told already. */
function isOffHoursMessage(
  change: Extract<ConversationChange, { kind: 'message' }>,
  { offHours, conversation }: Pick<ChangeFacts, 'offHours' | 'conversation'>,
): boolean {
  return (
    change.role === 'CONSUMER' &&
    offHours &&
    !conversation.openedOffHours &&
    change.dialogId === conversation.conversationId
  )
}

function isSame({ before, after }: { before: ParticipantRef[]; after: ParticipantRef[] }): boolean {
  return (
    before.length === after.length &&
    before.every(({ id, role }, at) => after[at]?.id === id && after[at]?.role === role)
  )
}
