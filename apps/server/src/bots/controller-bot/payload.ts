import type {
  ChangeFacts,
  ConversationChange,
  ConversationState,
  IdleTiming,
} from '@parley/contract'
import type { CbotEventType, MessagingPayload, Sections } from '@parley/contract/events'
import { generalSection } from './general-section.ts'

/** The configured times of the three idle kinds, for the skill of the conversation. */
export interface IdleTimings {
  queue: IdleTiming
  agent: IdleTiming
  consumer: IdleTiming
}

/** What the function gets: `general`, and the section of its own event. */
export function messagingPayload(
  accountId: string,
  type: CbotEventType,
  facts: ChangeFacts,
  timings: IdleTimings,
): MessagingPayload {
  const general = generalSection(accountId, type, facts)
  return { general, ...ownSection(facts.change, facts.conversation, timings) }
}

function ownSection(
  change: ConversationChange,
  state: ConversationState,
  timings: IdleTimings,
): Partial<Sections> {
  switch (change.kind) {
    case 'opened':
      return { start: { firstConversation: change.firstConversation } }
    case 'closed':
      return { end: { closeReason: change.by } }
    case 'skill-changed':
      return { routing: { oldSkillId: change.from, newSkillId: change.to } }
    case 'assigned':
    case 'unassigned':
    case 'joined':
    case 'left':
      return {
        participantChange: { oldParticipants: change.before, newParticipants: change.after },
      }
    case 'ttr-changed':
      return { ttr: { oldTtr: change.from, newTtr: change.to } }
    // The manual time does not replace the conversation's own: `general.manualETTR` has it.
    case 'manual-ettr':
      return { ttr: { oldTtr: state.ttr, newTtr: state.ttr } }
    case 'message':
      return { mid: { openedInOffHours: state.openedOffHours } }
    case 'idle':
      return { idle: idleSection(state.lastConsumerMessageAt, timings) }
    case 'stepped-up':
    case 'survey-closed':
      return {}
  }
}

function idleSection(
  lastConsumerMessageAt: number | undefined,
  timings: IdleTimings,
): Sections['idle'] {
  const consumer = threshold(timings.consumer)
  return {
    ...(lastConsumerMessageAt === undefined ? {} : { lastConsumerMsgTs: lastConsumerMessageAt }),
    agentNonResponsive: threshold(timings.agent),
    consumserNonResponsive: consumer,
    consumerNonResponsive: consumer,
    convNotTakenTime: threshold(timings.queue),
  }
}

function threshold({ time, timeUnits }: IdleTiming): Sections['idle']['agentNonResponsive'] {
  return { time, timeUnits }
}
