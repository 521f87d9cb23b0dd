import * as z from 'zod'
import type { ChangeFacts } from '../conversation-changes.ts'
import { messagingEvent } from './messaging-event.ts'

const normal = { ttrType: 'NORMAL', value: 3600 } as const
const urgent = { ttrType: 'URGENT', value: 300 } as const

const ResponseTime = z.object({
  ttrType: z.string().describe('Such as NORMAL or URGENT'),
  value: z.number().describe('In seconds'),
})

/** `spec/events.md` 2.2. */
export const ttr = messagingEvent({
  id: 'controllerbot_messaging_ttr',
  name: 'Messaging TTR',
  description:
    'The consumer has marked the conversation as urgent or taken that back, or an agent has changed the response time.',
  types: {
    AGENT_UPDATED_RESPONSE_TIME: {
      text: {
        en: 'The agent has changed the time until the next answer.',
        de: 'Der Agent hat die Zeit bis zur nächsten Antwort geändert.',
      },
      example: {
        change: { kind: 'ttr-changed', from: normal, to: urgent },
        originator: { userId: '7', pid: 'pid-7', role: 'ASSIGNED_AGENT' },
      },
    },
    CONSUMER_CANCELED_URGENT_RESPONSE_TIME: {
      text: {
        en: 'The conversation is no longer marked as urgent.',
        de: 'Das Gespräch ist nicht mehr als dringend markiert.',
      },
      example: { change: { kind: 'ttr-changed', from: urgent, to: normal } },
    },
    CONSUMER_ASKED_URGENT_RESPONSE_TIME: {
      text: {
        en: 'The conversation is marked as urgent.',
        de: 'Das Gespräch ist als dringend markiert.',
      },
      example: { change: { kind: 'ttr-changed', from: normal, to: urgent } },
    },
  },
  section: {
    name: 'ttr',
    schema: z.object({
      oldTtr: ResponseTime.describe('The response time before'),
      newTtr: ResponseTime.describe('The response time now'),
    }),
    sample: {
      oldTtr: { ttrType: 'NORMAL', value: 600 },
      newTtr: { ttrType: 'URGENT', value: 300 },
    },
    current: unchanged,
  },
  raisedBy: {
    'ttr-changed': {
      type({ from, to }, { originator }) {
        if (from.ttrType === to.ttrType && from.value === to.value) return undefined
        if (originator.role !== 'CONSUMER') return 'AGENT_UPDATED_RESPONSE_TIME'
        if (from.ttrType === to.ttrType) return undefined
        if (to.ttrType === 'URGENT') return 'CONSUMER_ASKED_URGENT_RESPONSE_TIME'
        return from.ttrType === 'URGENT' ? 'CONSUMER_CANCELED_URGENT_RESPONSE_TIME' : undefined
      },
      section: ({ from, to }) => ({ oldTtr: from, newTtr: to }),
    },
    'manual-ettr': {
      type: () => 'AGENT_UPDATED_RESPONSE_TIME',
      // The time set by hand does not replace the conversation's own: `general.manualETTR` has it.
      section: (_, facts) => unchanged(facts),
    },
  },
  sampleType: 'CONSUMER_ASKED_URGENT_RESPONSE_TIME',
  hint: 'input.payload.ttr: oldTtr and newTtr, each with ttrType and value (seconds).',
  answer: 'Thank you, we have noted how soon you need an answer.',
})

function unchanged({ conversation: { ttr: current } }: ChangeFacts) {
  return { oldTtr: current, newTtr: current }
}
