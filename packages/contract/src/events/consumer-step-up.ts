import { messagingEvent } from './messaging-event.ts'

/** `spec/events.md` 2.2. No published client knows an id for this event; this one is ours. */
export const consumerStepUp = messagingEvent({
  id: 'controllerbot_messaging_consumer_step_up',
  name: 'Messaging Consumer Step Up',
  description: 'The consumer has authenticated during the conversation.',
  types: {
    CONSUMER_STEP_UP: {
      text: {
        en: 'You are now signed in.',
        de: 'Sie sind jetzt angemeldet.',
      },
      example: { change: { kind: 'stepped-up', from: 'anonymous', to: 'ada' } },
    },
  },
  raisedBy: { 'stepped-up': { type: () => 'CONSUMER_STEP_UP', section: () => undefined } },
  sampleType: 'CONSUMER_STEP_UP',
  hint: 'input.payload.general.originatorId: the consumer under its new id.',
  answer: 'Thank you for signing in.',
})
