import * as z from 'zod'
import { messagingEvent } from './messaging-event.ts'

const HOURS_48_MS = 48 * 60 * 60 * 1000

/** `spec/events.md` 2.2. The published advice is to route by a bot, not by this event. */
export const newConversation = messagingEvent({
  id: 'controllerbot_messaging_new_conversation',
  name: 'Messaging New Conversation',
  description:
    'A consumer has opened a messaging conversation. Not meant for routing: use a routing bot for that.',
  types: {
    CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME_OFF_HOURS: {
      text: {
        en: 'Welcome! We are closed at the moment and will answer as soon as we are back.',
        de: 'Willkommen! Im Moment ist niemand da. Wir antworten, sobald wir zurück sind.',
      },
      example: { change: { kind: 'opened', firstConversation: true }, offHours: true },
    },
    CONSUMER_OPEN_NEW_CONVERSATION_OFF_HOURS: {
      text: {
        en: 'Thank you for your message. We are closed at the moment and will answer as soon as we are back.',
        de: 'Vielen Dank für Ihre Nachricht. Im Moment ist niemand da. Wir antworten, sobald wir zurück sind.',
      },
      example: { change: { kind: 'opened', firstConversation: false }, offHours: true },
    },
    CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME: {
      text: {
        en: 'Welcome! How can we help you?',
        de: 'Willkommen! Wie können wir Ihnen helfen?',
      },
      example: { change: { kind: 'opened', firstConversation: true } },
    },
    CONSUMER_OPEN_NEW_CONVERSATION: {
      text: {
        en: 'Good to see you again. How can we help you?',
        de: 'Schön, dass Sie wieder da sind. Wie können wir Ihnen helfen?',
      },
      example: { change: { kind: 'opened', firstConversation: false } },
    },
    CONSUMER_OPEN_NEW_CONVERSATION_AFTER_AUTOCLOSE: {
      text: {
        en: 'Good to see you again. Your last conversation had been closed because it was quiet for long.',
        de: 'Schön, dass Sie wieder da sind. Ihr letztes Gespräch wurde beendet, weil lange niemand geschrieben hat.',
      },
      example: {
        change: {
          kind: 'opened',
          firstConversation: false,
          previous: { endAt: 0, autoClosed: true },
        },
      },
    },
  },
  section: {
    name: 'start',
    schema: z.object({
      firstConversation: z.boolean().describe('Whether it is the first one of this consumer'),
    }),
    sample: { firstConversation: true },
    current: ({ conversation: { firstConversation } }) => ({ firstConversation }),
  },
  raisedBy: {
    opened: {
      /** Coming back after an auto-close has a name of its own, at any hour. */
      type({ firstConversation, previous }, { offHours }) {
        if (previous?.autoClosed) return 'CONSUMER_OPEN_NEW_CONVERSATION_AFTER_AUTOCLOSE'
        const first = firstConversation ? '_FIRST_TIME' : ''
        const hours = offHours ? '_OFF_HOURS' : ''
        return `CONSUMER_OPEN_NEW_CONVERSATION${first}${hours}` as const
      },
      section: ({ firstConversation }) => ({ firstConversation }),
      /**
       * Published rule: the event is not triggered if the authenticated consumer's previous conversation was
       * auto-closed and the new one is opened within 48 hours of that.
       */
      invokesFunction: ({ previous }, { at, conversation }) =>
        !previous?.autoClosed || !conversation.authenticated || at - previous.endAt > HOURS_48_MS,
    },
  },
  sampleType: 'CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME_OFF_HOURS',
  hint: 'input.payload.start.firstConversation: is it the first conversation of this consumer?',
  answer: 'Thank you for writing to us. An agent will be with you soon.',
})
