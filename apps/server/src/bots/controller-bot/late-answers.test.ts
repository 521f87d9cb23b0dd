import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type AgentSocket,
  anotherScene,
  call,
  type ConsumerSocket,
  givenFunction,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import { invocationsOf } from './controller-bot.fixture.ts'
import { lateAnswer, SILENT } from './late-answers.fixture.ts'
import { automatic, FIRST_INPUTS, openAgent, openConsumer } from './scene.fixture.ts'

const NEW = 'controllerbot_messaging_new_conversation'
const ROUTING = 'controllerbot_messaging_conversation_routing'
const WELCOME = 'Welcome! How can we help you?'
const CONNECTED = 'You are now connected to an agent.'
const TRANSFERRED = 'You are being transferred to another team.'
let server: TestServer
let scene: Scene

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(async () => {
  scene = await anotherScene(server)
})

/** Its attempts end soon. Functions that answer keep the usual limit: on a busy machine they may not run for long. */
async function givenSilent(event: string): Promise<void> {
  await call(scene, 'PATCH', 'settings', { limits: { executionTimeMs: 100 } })
  await givenFunction(scene, event, SILENT)
}

async function opened(
  skillId = '1001',
): Promise<{ consumer: ConsumerSocket; conversationId: string }> {
  const consumer = await openConsumer(scene, FIRST_INPUTS)
  return { consumer, conversationId: await consumer.openConversation({ skillId }) }
}

/** When each automatic message came, in milliseconds since an instant. */
function times(consumer: ConsumerSocket, conversationId: string, since: number) {
  const said = consumer.messages(conversationId).filter(({ role }) => role === 'CONTROLLER')
  return said.map(({ text, record }) => [text, record.serverTimestamp - since])
}

async function transferTo(
  agent: AgentSocket,
  conversationId: string,
  skill: string,
): Promise<void> {
  await agent.update(conversationId, { field: 'Skill', type: 'UPDATE', skill })
}

test('a silent function costs its consumer 5 seconds, and the events behind it no more', async () => {
  await givenSilent(NEW)
  const since = scene.clock.now()
  const { consumer, conversationId } = await opened()
  await using _ = consumer
  await using agent = await openAgent(scene)
  await agent.accept(conversationId)
  await scene.clock.advance(1000)
  await transferTo(agent, conversationId, '1002')

  await scene.clock.advance(3999)
  expect(await automatic(consumer, conversationId)).toEqual([])
  await scene.clock.advance(1)

  await consumer.message(conversationId, ({ text }) => text === TRANSFERRED)
  expect(times(consumer, conversationId, since)).toEqual([
    [WELCOME, 5000],
    [CONNECTED, 5000],
    [TRANSFERRED, 5000],
  ])
  await scene.clock.advance(60_000)
  await expect
    .poll(async () => (await invocationsOf(scene, conversationId)).map(({ attempt }) => attempt))
    .toEqual([1, 2, 3, 4])
  expect(await automatic(consumer, conversationId)).toHaveLength(3)
  expect(await rowsOf(conversationId)).toEqual([])
})

test('the events behind count from when they are the first: each silent one costs 5 seconds', async () => {
  await givenSilent(NEW)
  await givenSilent(ROUTING)
  const since = scene.clock.now()
  const { consumer, conversationId } = await opened()
  await using _ = consumer
  await using agent = await openAgent(scene)
  await agent.accept(conversationId)
  await transferTo(agent, conversationId, '1002')
  await scene.clock.advance(30_000)
  await consumer.message(conversationId, ({ text }) => text === TRANSFERRED)
  expect(times(consumer, conversationId, since)).toEqual([
    [WELCOME, 5000],
    [CONNECTED, 5000],
    [TRANSFERRED, 10_000],
  ])
})

test('the account sets how long a default message waits', async () => {
  await call(scene, 'PATCH', 'settings', { messaging: { defaultMessageAfterMs: 1000 } })
  await givenFunction(scene, NEW, `throw new Error('no')`)
  const since = scene.clock.now()
  const { consumer, conversationId } = await opened()
  await using _ = consumer
  await scene.clock.advance(1000)
  await consumer.message(conversationId, () => true)
  expect(times(consumer, conversationId, since)).toEqual([[WELCOME, 1000]])
})

test('a message that comes late is appended, and what it asks for is done', async () => {
  await givenFunction(
    scene,
    NEW,
    lateAnswer(`[{ type: 'systemMessage', text: 'Late' }, { type: 'transfer', skillId: '1002' }]`),
  )
  const since = scene.clock.now()
  const { consumer, conversationId } = await opened()
  await using _ = consumer
  await scene.clock.advance(10_000)
  await consumer.message(conversationId, ({ text }) => text === TRANSFERRED)
  expect(times(consumer, conversationId, since)).toEqual([
    [WELCOME, 5000],
    ['Late', 7500],
    [TRANSFERRED, 7500],
  ])
  const commands = await lastCommands(conversationId)
  expect(commands).toMatchObject([
    { type: 'defaultMessage', applied: true, reason: expect.stringMatching(/^Sent before/) },
    { type: 'systemMessage', applied: true },
    { type: 'transfer', applied: true },
  ])
})

test('a transfer and a close that come late count only while the skill is the same', async () => {
  await givenFunction(
    scene,
    NEW,
    lateAnswer(`[{ type: 'transfer', skillId: '1001' }, { type: 'closeConversation' }]`),
  )
  const { consumer, conversationId } = await opened()
  await using _ = consumer
  await using agent = await openAgent(scene)
  await agent.accept(conversationId)
  await transferTo(agent, conversationId, '1002')
  await scene.clock.advance(10_000)
  const reason = 'Came too late: the skill is "1002" now, it was "1001"'
  await expect
    .poll(() => lastCommands(conversationId))
    .toMatchObject([
      { type: 'defaultMessage', applied: true },
      { type: 'transfer', applied: false, reason: expect.stringContaining(reason) },
      { type: 'closeConversation', applied: false, reason },
    ])
  await consumer.until(() => consumer.details(conversationId).skillId === '1002', 'the transfer')
  expect(consumer.details(conversationId)).toMatchObject({ state: 'OPEN' })
})

test('what comes after the conversation has been closed is ignored, and says so', async () => {
  const message = `{ type: 'systemMessage', text: 'Late' }`
  await givenFunction(scene, NEW, lateAnswer(`[${message}, { type: 'closeConversation' }]`))
  const { consumer, conversationId } = await opened()
  await using _ = consumer
  await scene.clock.advance(5000)
  await consumer.message(conversationId, () => true)
  await consumer.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })
  await scene.clock.advance(10_000)
  const reason = 'The conversation is closed'
  await expect
    .poll(() => lastCommands(conversationId))
    .toMatchObject([
      { type: 'defaultMessage', applied: true },
      { type: 'systemMessage', applied: false, reason },
      { type: 'closeConversation', applied: false, reason },
    ])
  expect(await automatic(consumer, conversationId)).not.toContain('Late')
})

test('a suppression that comes too late is recorded with that reason', async () => {
  await givenFunction(scene, NEW, lateAnswer(`{ type: 'systemMessage', text: [] }`))
  const { consumer, conversationId } = await opened()
  await using _ = consumer
  await scene.clock.advance(10_000)
  await expect
    .poll(() => lastCommands(conversationId))
    .toMatchObject([
      { type: 'defaultMessage', applied: true },
      {
        type: 'systemMessage',
        applied: false,
        reason: 'Came too late: the default message had been sent',
      },
    ])
  expect(await automatic(consumer, conversationId)).toEqual([WELCOME])
})

test('nothing is sent where the default message is switched off, and the events behind go on', async () => {
  await call(scene, 'PUT', 'automatic-messages/CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME', {
    active: false,
  })
  await givenFunction(scene, NEW, lateAnswer(`{ type: 'systemMessage', text: [] }`))
  const { consumer, conversationId } = await opened()
  await using _ = consumer
  const conversationField = { field: 'TTRField', ttrType: 'URGENT' }
  await consumer.request('cm.UpdateConversationField', { conversationId, conversationField })
  await scene.clock.advance(5000)
  await consumer.message(conversationId, () => true)
  await scene.clock.advance(5000)
  expect(await automatic(consumer, conversationId)).toEqual([
    'The conversation is marked as urgent.',
  ])
  await expect
    .poll(() => lastCommands(conversationId))
    .toMatchObject([{ type: 'systemMessage', applied: true }])
})

async function rowsOf(conversationId: string): Promise<string[]> {
  const rows = await scene.context.store.db
    .selectFrom('outbox')
    .select('consumer')
    .where('lane', '=', conversationId)
    .execute()
  return rows.map(({ consumer }) => consumer)
}

/** What became of the commands of the one answer among the attempts. */
async function lastCommands(conversationId: string) {
  const invocations = await invocationsOf(scene, conversationId)
  return invocations.findLast(({ commands }) => commands !== null)?.commands
}
