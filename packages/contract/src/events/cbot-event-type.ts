import { z } from 'zod'

/** What happened in the conversation, as the Controller Bot names it. Several share one event. */
export const CBOT_EVENT_TYPES = {
  CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME_OFF_HOURS: 'controllerbot_messaging_new_conversation',
  CONSUMER_OPEN_NEW_CONVERSATION_OFF_HOURS: 'controllerbot_messaging_new_conversation',
  CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME: 'controllerbot_messaging_new_conversation',
  CONSUMER_OPEN_NEW_CONVERSATION: 'controllerbot_messaging_new_conversation',
  CONSUMER_OPEN_NEW_CONVERSATION_AFTER_AUTOCLOSE: 'controllerbot_messaging_new_conversation',
  AGENT_END_CONVERSATION: 'controllerbot_messaging_conversation_end',
  CONSUMER_END_CONVERSATION: 'controllerbot_messaging_conversation_end',
  SYSTEM_END_CONVERSATION: 'controllerbot_messaging_conversation_end',
  ENGAGEMENT_TRANSFERED: 'controllerbot_messaging_conversation_routing',
  YOU_ARE_CONNECTED_TO: 'controllerbot_messaging_participants_change',
  BACK_TO_QUEUE: 'controllerbot_messaging_participants_change',
  JOINED_AGENT_LEFT_CONVERSATION: 'controllerbot_messaging_participants_change',
  ANOTHER_AGENT_JOINED_CONVERSATION: 'controllerbot_messaging_participants_change',
  AGENT_UPDATED_RESPONSE_TIME: 'controllerbot_messaging_ttr',
  CONSUMER_CANCELED_URGENT_RESPONSE_TIME: 'controllerbot_messaging_ttr',
  CONSUMER_ASKED_URGENT_RESPONSE_TIME: 'controllerbot_messaging_ttr',
  CONSUMER_SEND_MESSAGE_ON_OFFHOURS: 'controllerbot_messaging_mid_conversation_msg',
  CONV_AWAITING_IN_QUEUE: 'controllerbot_messaging_conversation_idle',
  AGENT_NON_RESPONSIVE: 'controllerbot_messaging_conversation_idle',
  CONSUMER_NON_RESPONSIVE: 'controllerbot_messaging_conversation_idle',
  CONSUMER_STEP_UP: 'controllerbot_messaging_consumer_step_up',
} as const

export type CbotEventType = keyof typeof CBOT_EVENT_TYPES
export const CbotEventType = z.enum(
  Object.keys(CBOT_EVENT_TYPES) as [CbotEventType, ...CbotEventType[]],
)

/** The event whose function hears of it. */
export function eventIdOf(type: CbotEventType): string {
  return CBOT_EVENT_TYPES[type]
}
