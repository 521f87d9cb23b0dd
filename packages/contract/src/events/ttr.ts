import { messagingEvent } from './messaging-event.ts'

export const ttr = messagingEvent({
  id: 'controllerbot_messaging_ttr',
  name: 'Messaging TTR',
  description:
    'The consumer has marked the conversation as urgent or taken that back, or an agent has changed the response time.',
  section: 'ttr',
  sampleType: 'CONSUMER_ASKED_URGENT_RESPONSE_TIME',
  hint: 'input.payload.ttr: oldTtr and newTtr, each with ttrType and value (seconds).',
})
