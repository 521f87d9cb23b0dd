import type { TrialCase } from './case.ts'

const event = `import * as z from 'zod'
import { messagingEvent } from './messaging-event.ts'

export const agentMessage = messagingEvent({
  id: 'controllerbot_messaging_agent_message',
  name: 'Messaging Agent Message',
  description: 'An agent has written in office hours.',
  types: {
    AGENT_SEND_MESSAGE: {
      text: { en: 'An agent has answered.', de: 'Ein Agent hat geantwortet.' },
      example: {
        change: { kind: 'message', dialogId: 'd', sequence: 3, role: 'ASSIGNED_AGENT' },
        offHours: false,
      },
    },
  },
  section: {
    name: 'agentMessage',
    schema: z.object({ sequence: z.number().optional() }),
    sample: { sequence: 3 },
    current: () => ({}),
  },
  raisedBy: {
    message: {
      type: ({ role }, { offHours }) =>
        role === 'ASSIGNED_AGENT' && !offHours ? 'AGENT_SEND_MESSAGE' : undefined,
      section: ({ sequence }) => ({ sequence }),
    },
  },
  sampleType: 'AGENT_SEND_MESSAGE',
  hint: 'input.payload.agentMessage.sequence: the number of the message in its dialog.',
  answer: 'An agent has written.',
})
`

const check = `import { expect, test } from 'vitest'
import { call, givenFunction, startTestServer } from '#testing'
import { payloadsOf } from './controller-bot.fixture.ts'
import { automatic, FIRST_INPUTS, openAgent, openConsumer, setOffHours } from './scene.fixture.ts'

test('the new event stands in the catalogue, sends its automatic message and invokes its function', async () => {
  await using server = await startTestServer()
  const eventId = 'controllerbot_messaging_agent_message'
  const { events } = await call<{ events: { eventId: string }[] }>(server, 'GET', 'function-events')
  expect(events.map((event) => event.eventId)).toContain(eventId)
  await givenFunction(server, eventId, 'callback()')
  await setOffHours(server, false)
  await using consumer = await openConsumer(server, FIRST_INPUTS)
  await using agent = await openAgent(server)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)

  await agent.say(conversationId, 'Good morning')
  await server.clock.advance(0)

  expect(await automatic(consumer, conversationId)).toContain('An agent has answered.')
  const [payload] = await payloadsOf(server, conversationId, 'AGENT_SEND_MESSAGE')
  expect(payload?.agentMessage).toEqual({ sequence: expect.any(Number) })
})
`

export const eventOnExistingChange: TrialCase = {
  name: 'event on a change that exists',
  steps: [
    { file: 'packages/contract/src/events/agent-message.ts', create: event },
    {
      file: 'packages/contract/src/events/list.ts',
      insert: [
        {
          after: "import { botPreHook } from './bot-pre-hook.ts'",
          text: "import { agentMessage } from './agent-message.ts'",
        },
        { after: '  messageInOffHours,', text: '  agentMessage,' },
      ],
    },
  ],
  tests: [
    'packages/contract/src/events',
    'apps/server/src/bots/controller-bot/raised-event.test.ts',
    'apps/server/src/bots/controller-bot/effective-message.test.ts',
    'apps/server/src/bots/controller-bot/payload.test.ts',
  ],
  check: { file: 'apps/server/src/bots/controller-bot/trial.test.ts', text: check },
}
