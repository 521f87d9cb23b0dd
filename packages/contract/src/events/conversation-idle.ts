import { messagingEvent } from './messaging-event.ts'

export const conversationIdle = messagingEvent({
  id: 'controllerbot_messaging_conversation_idle',
  name: 'Messaging Conversation Idle',
  description:
    'The agent or the consumer has not answered for the configured time, or nobody has taken the conversation from its queue.',
  section: 'idle',
  sampleType: 'AGENT_NON_RESPONSIVE',
  hint: 'input.payload.idle: lastConsumerMsgTs and the three configured times. general.cbotEventType says which one is over.',
})
