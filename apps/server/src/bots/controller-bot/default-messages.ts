import type { AutomaticMessage, IdleTiming, IdleType } from '@parley/contract'
import type { CbotEventType } from '@parley/contract/events'

const AFTER_30_MINUTES: IdleTiming = { time: 30, timeUnits: 'minutes', repeat: 1 }

const TIMINGS: Record<IdleType, IdleTiming> = {
  CONV_AWAITING_IN_QUEUE: AFTER_30_MINUTES,
  AGENT_NON_RESPONSIVE: AFTER_30_MINUTES,
  CONSUMER_NON_RESPONSIVE: AFTER_30_MINUTES,
}

const TEXTS: Record<CbotEventType, string> = {
  CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME_OFF_HOURS:
    'Welcome! We are closed at the moment and will answer as soon as we are back.',
  CONSUMER_OPEN_NEW_CONVERSATION_OFF_HOURS:
    'Thank you for your message. We are closed at the moment and will answer as soon as we are back.',
  CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME: 'Welcome! How can we help you?',
  CONSUMER_OPEN_NEW_CONVERSATION: 'Good to see you again. How can we help you?',
  CONSUMER_OPEN_NEW_CONVERSATION_AFTER_AUTOCLOSE:
    'Good to see you again. Your last conversation had been closed because it was quiet for long.',
  AGENT_END_CONVERSATION: 'The agent has ended the conversation.',
  CONSUMER_END_CONVERSATION: 'You have ended the conversation. Thank you for writing to us.',
  SYSTEM_END_CONVERSATION: 'The conversation has been closed.',
  ENGAGEMENT_TRANSFERED: 'You are being transferred to another team.',
  YOU_ARE_CONNECTED_TO: 'You are now connected to an agent.',
  BACK_TO_QUEUE: 'Your conversation is waiting for the next free agent.',
  JOINED_AGENT_LEFT_CONVERSATION: 'An agent has left the conversation.',
  ANOTHER_AGENT_JOINED_CONVERSATION: 'Another agent has joined the conversation.',
  AGENT_UPDATED_RESPONSE_TIME: 'The agent has changed the time until the next answer.',
  CONSUMER_CANCELED_URGENT_RESPONSE_TIME: 'The conversation is no longer marked as urgent.',
  CONSUMER_ASKED_URGENT_RESPONSE_TIME: 'The conversation is marked as urgent.',
  CONSUMER_SEND_MESSAGE_ON_OFFHOURS:
    'We are closed at the moment and will read your message as soon as we are back.',
  CONV_AWAITING_IN_QUEUE: 'Thank you for your patience. An agent will be with you soon.',
  AGENT_NON_RESPONSIVE: 'The agent needs a little more time to answer.',
  CONSUMER_NON_RESPONSIVE: 'Are you still there? We are waiting for your answer.',
  CONSUMER_STEP_UP: 'You are now signed in.',
}

/** What is sent while nothing else has been set: everything is on. */
export function defaultMessage(type: CbotEventType): AutomaticMessage {
  const timing = isIdleType(type) ? { timing: TIMINGS[type] } : {}
  return { type, active: true, text: TEXTS[type], ...timing }
}

export function isIdleType(type: CbotEventType): type is IdleType {
  return type in TIMINGS
}
