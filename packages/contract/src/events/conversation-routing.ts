import { messagingEvent } from './messaging-event.ts'

export const conversationRouting = messagingEvent({
  id: 'controllerbot_messaging_conversation_routing',
  name: 'Messaging Conversation Routing',
  description: 'The conversation has been transferred to a different skill.',
  section: 'routing',
  sampleType: 'ENGAGEMENT_TRANSFERED',
  hint: 'input.payload.routing: oldSkillId and newSkillId.',
})
