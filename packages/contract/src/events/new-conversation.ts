import { messagingEvent } from './messaging-event.ts'

export const newConversation = messagingEvent({
  id: 'controllerbot_messaging_new_conversation',
  name: 'Messaging New Conversation',
  description:
    'A consumer has opened a messaging conversation. Not meant for routing: use a routing bot for that.',
  section: 'start',
  sampleType: 'CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME_OFF_HOURS',
  hint: 'input.payload.start.firstConversation: is it the first conversation of this consumer?',
})
