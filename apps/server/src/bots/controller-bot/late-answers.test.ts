import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type AgentSocket,
  anotherScene,
  call,
  type ConsumerSocket,
  givenFunction,
  HOUR_AGO,
  lambdasOf,
  openConsumerSocket,
  type Scene,
  startDoomedNode,
  startTestServer,
  type TestServer,
} from '#testing'
import { invocationsOf } from './controller-bot.fixture.ts'
import { automatic, FIRST_INPUTS, openAgent, openConsumer } from './scene.fixture.ts'

const NEW = 'controllerbot_messaging_new_conversation'
const ROUTING = 'controllerbot_messaging_conversation_routing'
const WELCOME = 'Welcome! How can we help you?'
const CONNECTED = 'You are now connected to an agent.'
const TRANSFERRED = 'You are being transferred to another team.'
/** Never answers: each attempt ends by the limit of its time. */
const SILENT = 'await new Promise(() => {})'

let server: TestServer
let scene: Scene

beforeAll(async () => {
  server = await startTestServer()
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(async () => {
  scene = await anotherScene(server)
  await call(scene, 'PATCH', 'settings', { limits: { executionTimeMs: 100 } })
})

/** Answers at its fourth attempt, 7.5 seconds after the first: the default message has gone out by then. */
const lateAnswer = (result: string) =>
  `const calls = (globalThis.calls ??= {})
   const { convId } = input.payload.general
   calls[convId] = (calls[convId] ?? 0) + 1
   if (calls[convId] < 4) return callback(new Error('not yet'))
   callback(null, ${result})`

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
  await givenFunction(scene, NEW, SILENT)
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
  await givenFunction(scene, NEW, SILENT)
  await givenFunction(scene, ROUTING, SILENT)
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
  expect(consumer.details(conversationId)).toMatchObject({ skillId: '1002', state: 'OPEN' })
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

test('on two nodes the default message goes out once, and neither a restart nor a backlog releases it', async () => {
  await using nodes = await startTestServer({ nodes: 2 })
  const { accountId } = nodes
  const [first = '', second = ''] = nodes.urls
  await givenFunction(nodes, NEW, lateAnswer(`{ type: 'systemMessage', text: 'Late' }`))
  for (const url of [first, second]) {
    await using consumer = await openConsumerSocket({ url, accountId })
    const conversationId = await consumer.openConversation({ skillId: '1001' })
    await nodes.clock.advance(60_000)
    await expect
      .poll(async () =>
        (await automatic(consumer, conversationId)).filter((text) => text !== 'Late'),
      )
      .toHaveLength(1)
  }

  await using elsewhere = await openConsumerSocket({ url: first, accountId })
  const conversationId = await elsewhere.openConversation({ skillId: '1001' })
  await nodes.clock.advance(600)
  // The first node ends after its second attempt, and the event has waited for an hour when the other one takes it.
  await nodes.context.delivery.drain(0)
  const hourAgo = new Date(nodes.clock.now() - 3_600_000)
  await nodes.context.store.db
    .updateTable('outbox')
    .set({ runAt: hourAgo, firstAttemptAt: hourAgo, createdAt: hourAgo })
    .where('lane', '=', conversationId)
    .execute()
  await nodes.clock.advance(1000)
  await expect.poll(() => invocationsOf(nodes, conversationId)).toHaveLength(3)
  expect(await automatic(elsewhere, conversationId)).toEqual([])
  await nodes.clock.advance(10_000)
  await expect.poll(() => automatic(elsewhere, conversationId)).toEqual([WELCOME])
})

test('a node that is killed before or after a default message leaves the event to another one, which does not repeat it', async () => {
  await using live = await startTestServer({ clock: 'system' })
  await using doomed = await startDoomedNode(live)
  await using open = new AsyncDisposableStack()
  const begin = async (defaultMessageAfterMs: number) => {
    const account = await live.anotherAccount()
    const lambdas = lambdasOf(live, account)
    await lambdas.native('PATCH', '/settings', { messaging: { defaultMessageAfterMs } })
    const functionId = await lambdas.deployed(`async function lambda() { ${SILENT} }`, {
      eventId: NEW,
    })
    const { accountId } = account
    const consumer = open.use(await openConsumerSocket({ url: doomed.url()!, accountId }))
    const conversationId = await consumer.openConversation({ skillId: '1001' })
    return { accountId, lambdas, functionId, consumer, conversationId }
  }
  const [impatient, patient] = [await begin(100), await begin(60_000)]
  await impatient.consumer.message(impatient.conversationId, ({ text }) => text === WELCOME)
  for (const { lambdas, functionId } of [impatient, patient]) {
    const code = `const lambda = (input, callback) => callback(null, { type: 'systemMessage', text: 'Late' })`
    await lambdas.call('PUT', `/lambdas/${functionId}?v=1`, { implementation: { code } })
    expect((await lambdas.deploy(functionId)).status).toBe(200)
  }

  await doomed.kill()
  await live.context.store.db.updateTable('outbox').set({ leasedUntil: HOUR_AGO }).execute()

  const said = async ({ accountId, consumer, conversationId }: typeof patient) => {
    const here = { url: live.url, accountId }
    await using reader = await openConsumerSocket(here, { jwt: consumer.jwt })
    return await automatic(reader, conversationId)
  }
  await expect.poll(() => said(impatient), { timeout: 30_000 }).toEqual([WELCOME, 'Late'])
  await expect.poll(() => said(patient), { timeout: 30_000 }).toEqual(['Late'])
}, 180_000)

test('an answer that comes while its own attempt still runs is appended', async () => {
  await using live = await startTestServer({ clock: 'system' })
  await call(live, 'PATCH', 'settings', { messaging: { defaultMessageAfterMs: 100 } })
  await givenFunction(
    live,
    NEW,
    `await new Promise((done) => setTimeout(done, 1000))
     callback(null, { type: 'systemMessage', text: 'Late' })`,
  )
  const { url, accountId } = live
  await using consumer = await openConsumerSocket({ url, accountId })
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await consumer.message(conversationId, ({ text }) => text === 'Late')
  expect(await automatic(consumer, conversationId)).toEqual([WELCOME, 'Late'])
  expect(await invocationsOf(live, conversationId)).toHaveLength(1)
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
