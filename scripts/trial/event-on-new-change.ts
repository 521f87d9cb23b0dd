import type { TrialCase } from './case.ts'

const event = `import * as z from 'zod'
import { messagingEvent } from './messaging-event.ts'

export const conversationRated = messagingEvent({
  id: 'controllerbot_messaging_conversation_rated',
  name: 'Messaging Conversation Rated',
  description: 'The consumer has rated the conversation.',
  types: {
    CONSUMER_RATED_CONVERSATION: {
      text: { en: 'Thank you for your rating.', de: 'Vielen Dank für Ihre Bewertung.' },
      example: { change: { kind: 'rated', csatRate: 5 } },
    },
  },
  section: {
    name: 'rating',
    schema: z.object({ csatRate: z.number().optional() }),
    sample: { csatRate: 5 },
    current: () => ({}),
  },
  raisedBy: {
    rated: {
      type: () => 'CONSUMER_RATED_CONVERSATION',
      section: ({ csatRate }) => ({ csatRate }),
    },
  },
  sampleType: 'CONSUMER_RATED_CONVERSATION',
  hint: 'input.payload.rating.csatRate: 1 to 5.',
  answer: 'Your rating has arrived.',
})
`

const check = `import { expect, test } from 'vitest'
import { givenFunction, startTestServer } from '#testing'
import { payloadsOf } from './controller-bot.fixture.ts'
import { automatic, FIRST_INPUTS, openConsumer } from './scene.fixture.ts'

test('a rating raises the new event, with its own section', async () => {
  await using server = await startTestServer()
  await givenFunction(server, 'controllerbot_messaging_conversation_rated', 'callback()')
  await using consumer = await openConsumer(server, FIRST_INPUTS)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  const conversationField = { field: 'CSATRate', csatRate: 4 }

  await consumer.request('cm.UpdateConversationField', { conversationId, conversationField })
  await server.clock.advance(0)

  expect(await automatic(consumer, conversationId)).toContain('Thank you for your rating.')
  const [payload] = await payloadsOf(server, conversationId, 'CONSUMER_RATED_CONVERSATION')
  expect(payload?.rating).toEqual({ csatRate: 4 })
})
`

export const eventOnNewChange: TrialCase = {
  name: 'event on a new change (its wire field exists)',
  steps: [
    { file: 'packages/contract/src/events/conversation-rated.ts', create: event },
    {
      file: 'packages/contract/src/conversation-changes.ts',
      insert: [
        {
          after: "  z.object({ kind: z.literal('idle'), idle: IdleKind }),",
          text: "  z.object({ kind: z.literal('rated'), csatRate: z.int() }),",
        },
      ],
    },
    {
      file: 'packages/contract/src/events/list.ts',
      insert: [
        {
          after: "import { conversationIdle } from './conversation-idle.ts'",
          text: "import { conversationRated } from './conversation-rated.ts'",
        },
        { after: '  conversationEnd,', text: '  conversationRated,' },
      ],
    },
    {
      file: 'apps/server/src/messaging/rules/csat.ts',
      insert: [
        {
          after: "import type { Decision } from './decision.ts'",
          text: "import { note } from './decision.ts'",
        },
        {
          after: '  decision.state.updatedAt = decision.at',
          text: "  const originator = { userId: actor.userId, pid: actor.pid, role: 'CONSUMER' as const }\n  if (rate.csatRate) note(decision, { kind: 'rated', csatRate: rate.csatRate }, originator)",
        },
      ],
    },
  ],
  tests: [
    'packages/contract/src/events',
    'apps/server/src/bots/controller-bot/raised-event.test.ts',
    'apps/server/src/bots/controller-bot/effective-message.test.ts',
    'apps/server/src/messaging/rules',
  ],
  check: { file: 'apps/server/src/bots/controller-bot/trial.test.ts', text: check },
}
