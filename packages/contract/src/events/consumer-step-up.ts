import { messagingEvent } from './messaging-event.ts'

/** No published client knows an id for this event; this one is ours. */
export const consumerStepUp = messagingEvent({
  id: 'controllerbot_messaging_consumer_step_up',
  name: 'Messaging Consumer Step Up',
  description: 'The consumer has authenticated during the conversation.',
  sampleType: 'CONSUMER_STEP_UP',
  hint: 'input.payload.general is all that this event carries.',
})
