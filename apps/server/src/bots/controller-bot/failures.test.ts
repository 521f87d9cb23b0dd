import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { ParleyError } from '#base/kernel'
import {
  anotherScene,
  call,
  givenFunction,
  givenIssuer,
  givenSkill,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import { invocationsOf } from './controller-bot.fixture.ts'
import { FIRST_INPUTS, openAgent, openConsumer, setOffHours } from './scene.fixture.ts'

const NEW = 'controllerbot_messaging_new_conversation'
const WELCOME = 'Welcome! How can we help you?'
const HOUR_MS = 3_600_000

let server: TestServer
let scene: Scene

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(async () => {
  scene = await anotherScene(server)
})

test.each([
  ['calls back an error', `callback(new Error('no'))`],
  ['throws', `throw new TypeError('broken')`],
  ['returns without calling back and ends its process', `process.exit(1)`],
])('a function that %s is tried four times, then the default message is sent', async (_, body) => {
  await givenFunction(scene, NEW, body)
  await using consumer = await openConsumer(scene, FIRST_INPUTS)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await scene.clock.advance(60_000)

  const heard = await consumer.message(conversationId, () => true)
  expect(heard).toMatchObject({ text: WELCOME, role: 'CONTROLLER' })
  const invocations = await failedOf(conversationId, 4)
  expect(invocations.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4])
  expect(new Set(invocations.map(({ invocationId }) => invocationId)).size).toBe(1)
  const [first] = invocations
  for (const { payload } of invocations) expect(payload).toEqual(first?.payload)
  expect(await scene.context.delivery.deadLetters.list(scene.accountId)).toEqual([])
})

test('a message is told the same at the first attempt, which has it from its writer, and at the next ones, which read what is stored', async () => {
  await setOffHours(scene, false)
  const id = 'controllerbot_messaging_mid_conversation_msg'
  await givenFunction(scene, id, `callback(new Error('no'))`)
  await using consumer = await openConsumer(scene, FIRST_INPUTS)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await setOffHours(scene, true)
  await consumer.say(conversationId, 'Anybody there?')
  await scene.clock.advance(60_000)

  const invocations = await failedOf(conversationId, 4)
  const [first] = invocations
  for (const { payload } of invocations) expect(payload).toEqual(first?.payload)
})

test('a function that recovers is obeyed, once', async () => {
  await givenFunction(
    scene,
    NEW,
    `globalThis.calls = (globalThis.calls ?? 0) + 1
     if (globalThis.calls < 3) return callback(new Error('not yet'))
     callback(null, { type: 'systemMessage', text: 'Call ' + globalThis.calls })`,
  )
  await using consumer = await openConsumer(scene, FIRST_INPUTS)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await scene.clock.advance(60_000)
  await consumer.message(conversationId, () => true)
  expect(consumer.messages(conversationId).map(({ text }) => text)).toEqual(['Call 3'])
})

test('events of one conversation are handled in order, also behind one that is tried again', async () => {
  await givenFunction(
    scene,
    NEW,
    `globalThis.calls = (globalThis.calls ?? 0) + 1
     if (globalThis.calls === 1) return callback(new Error('not yet'))
     callback(null, { type: 'systemMessage', text: 'first' })`,
  )
  await givenFunction(
    scene,
    'controllerbot_messaging_ttr',
    `callback(null, { type: 'systemMessage', text: 'second' })`,
  )
  await using consumer = await openConsumer(scene, FIRST_INPUTS)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  const conversationField = { field: 'TTRField', ttrType: 'URGENT' }
  await consumer.request('cm.UpdateConversationField', { conversationId, conversationField })
  await scene.clock.advance(60_000)
  await consumer.message(conversationId, ({ text }) => text === 'second')
  expect(consumer.messages(conversationId).map(({ text }) => text)).toEqual(['first', 'second'])
})

async function failedOf(conversationId: string, count: number) {
  return await expect
    .poll(() => invocationsOf(scene, conversationId))
    .toHaveLength(count)
    .then(() => invocationsOf(scene, conversationId))
}

test.each([
  { who: 'authenticated', hours: 47, asked: false },
  { who: 'authenticated', hours: 49, asked: true },
  { who: 'anonymous', hours: 47, asked: true },
  { who: 'anonymous', hours: 49, asked: true },
])(
  'a $who consumer returns $hours hours after an auto-close: function asked $asked',
  async ({ who, hours, asked }) => {
    await givenFunction(scene, NEW, `callback(null, { type: 'systemMessage', text: 'Asked' })`)
    await call(scene, 'PATCH', 'settings', {
      messaging: { autoCloseMs: 25 * 60_000 },
      identity: { sessionMs: 200 * HOUR_MS },
    })
    const jwt = who === 'authenticated' ? await (await givenIssuer(scene))('ada') : undefined
    await using consumer = await openConsumer(scene, FIRST_INPUTS, jwt)
    await using agent = await openAgent(scene)
    const first = await consumer.openConversation({ skillId: '1001' })
    await agent.accept(first)
    await agent.say(first, 'Anything else?')
    await scene.clock.advance(25 * 60_000)
    await consumer.until(() => consumer.details(first)?.stage === 'CLOSE', 'the auto-close')

    await scene.clock.advance(hours * HOUR_MS)
    const second = await consumer.openConversation({ skillId: '1001' })
    await scene.clock.advance(0)
    const heard = await consumer.message(second, () => true)
    expect(await invocationsOf(scene, second)).toHaveLength(asked ? 1 : 0)
    expect(heard.text).toMatch(
      asked ? /^Asked$/ : /^Good to see you again\. Your last conversation/,
    )
  },
)

test('a conversation that the agent closed is not an auto-close', async () => {
  await givenFunction(scene, NEW, `callback()`)
  const jwt = await (await givenIssuer(scene))('ada')
  await using consumer = await openConsumer(scene, FIRST_INPUTS, jwt)
  await using agent = await openAgent(scene)
  const first = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(first)
  await agent.update(first, { field: 'ConversationStateField', conversationState: 'CLOSE' })
  const second = await consumer.openConversation({ skillId: '1001' })
  await scene.clock.advance(0)
  expect(await invocationsOf(scene, second)).toMatchObject([
    { payload: { general: { cbotEventType: 'CONSUMER_OPEN_NEW_CONVERSATION' } } },
  ])
})

test('a transfer that the database is too busy for is made a little later', async () => {
  const to = await givenSkill(scene)
  await givenFunction(scene, NEW, `callback(null, { type: 'transfer', skillId: '${to}' })`)
  const { accounts } = scene.context
  const nextOpening = accounts.nextOpening
  let refused = 0
  const spy = vi.spyOn(accounts, 'nextOpening').mockImplementation((accountId, skillId, at) => {
    if (skillId !== to || refused > 0) return nextOpening(accountId, skillId, at)
    refused += 1
    return Promise.reject(new ParleyError('unavailable', 'The database took too long'))
  })
  onTestFinished(() => spy.mockRestore())
  await using consumer = await openConsumer(scene, FIRST_INPUTS)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await scene.clock.advance(60_000)

  await expect
    .poll(() => invocationsOf(scene, conversationId))
    .toMatchObject([
      { commands: [{ type: 'defaultMessage' }, { type: 'transfer', applied: true }] },
    ])
  expect([refused, consumer.details(conversationId)?.skillId]).toEqual([1, to])
})
