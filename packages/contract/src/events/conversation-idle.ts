import * as z from 'zod'
import type { ChangeFacts } from '../conversation-changes.ts'
import type { IdleKind } from '../conversations.ts'
import type { IdleTiming } from '../idle-timing.ts'
import { messagingEvent } from './messaging-event.ts'

const AFTER_30_MINUTES = { time: 30, timeUnits: 'minutes', repeat: 1 } as const

/** How each idle time is called when it is over. */
export const IDLE_TYPE_OF = {
  queue: 'CONV_AWAITING_IN_QUEUE',
  agent: 'AGENT_NON_RESPONSIVE',
  consumer: 'CONSUMER_NON_RESPONSIVE',
} as const satisfies Record<IdleKind, string>

const Threshold = z.object({
  time: z.number().describe('How many of `timeUnits`'),
  timeUnits: z.enum(['seconds', 'minutes']),
})

/** `spec/events.md` 2.2. */
export const conversationIdle = messagingEvent({
  id: 'controllerbot_messaging_conversation_idle',
  name: 'Messaging Conversation Idle',
  description:
    'The agent or the consumer has not answered for the configured time, or nobody has taken the conversation from its queue.',
  types: {
    CONV_AWAITING_IN_QUEUE: {
      text: {
        en: 'Thank you for your patience. An agent will be with you soon.',
        de: 'Vielen Dank für Ihre Geduld. Gleich ist ein Agent für Sie da.',
      },
      timing: AFTER_30_MINUTES,
      example: { change: { kind: 'idle', idle: 'queue' } },
    },
    AGENT_NON_RESPONSIVE: {
      text: {
        en: 'The agent needs a little more time to answer.',
        de: 'Der Agent braucht noch etwas Zeit für die Antwort.',
      },
      timing: AFTER_30_MINUTES,
      example: { change: { kind: 'idle', idle: 'agent' } },
    },
    CONSUMER_NON_RESPONSIVE: {
      text: {
        en: 'Are you still there? We are waiting for your answer.',
        de: 'Sind Sie noch da? Wir warten auf Ihre Antwort.',
      },
      timing: AFTER_30_MINUTES,
      example: { change: { kind: 'idle', idle: 'consumer' } },
    },
  },
  section: {
    name: 'idle',
    schema: z.object({
      lastConsumerMsgTs: z
        .number()
        .optional()
        .describe('When the consumer has written last, in milliseconds since 1970'),
      agentNonResponsive: Threshold.optional().describe(
        'How long the agent may be silent after the consumer has written',
      ),
      /** Published misspelling (`spec/events.md` 2.3). Sent beside the right spelling, with the same value. */
      consumserNonResponsive: Threshold.optional().describe('The same as `consumerNonResponsive`'),
      consumerNonResponsive: Threshold.optional().describe(
        'How long the consumer may be silent after the agent has written',
      ),
      convNotTakenTime: Threshold.optional().describe('How long it may wait in its queue'),
    }),
    sample: {
      lastConsumerMsgTs: 1541152938069,
      agentNonResponsive: { time: 30, timeUnits: 'minutes' },
      consumserNonResponsive: { time: 30, timeUnits: 'minutes' },
      consumerNonResponsive: { time: 30, timeUnits: 'minutes' },
      convNotTakenTime: { time: 30, timeUnits: 'minutes' },
    },
    current: lastConsumerMessage,
  },
  raisedBy: {
    idle: {
      type: ({ idle }) => IDLE_TYPE_OF[idle],
      section(_, facts, timings) {
        const consumer = threshold(timings.consumer)
        return {
          ...lastConsumerMessage(facts),
          agentNonResponsive: threshold(timings.agent),
          consumserNonResponsive: consumer,
          consumerNonResponsive: consumer,
          convNotTakenTime: threshold(timings.queue),
        }
      },
    },
  },
  sampleType: 'AGENT_NON_RESPONSIVE',
  hint: 'input.payload.idle: lastConsumerMsgTs and the three configured times. general.cbotEventType says which one is over.',
  answer: 'We have not forgotten you.',
})

function lastConsumerMessage({ conversation: { lastConsumerMessageAt } }: ChangeFacts) {
  return lastConsumerMessageAt === undefined ? {} : { lastConsumerMsgTs: lastConsumerMessageAt }
}

function threshold({ time, timeUnits }: IdleTiming): z.infer<typeof Threshold> {
  return { time, timeUnits }
}
