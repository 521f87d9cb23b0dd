import { AUTOMATIC_MESSAGE_TYPES } from '@parley/contract'
import type { CbotEventType } from '@parley/contract/events'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenFunction,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import { invocationsOf } from './controller-bot.fixture.ts'
import { automatic, FIRST_INPUTS, openAgent, openConsumer, OTHER_INPUTS } from './scene.fixture.ts'

const FIRST: CbotEventType = 'CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME'
const MINUTE_MS = 60_000

let server: TestServer
let scene: Scene

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(async () => {
  scene = await anotherScene(server)
})

async function welcomed(inputs = FIRST_INPUTS): Promise<(string | undefined)[]> {
  await using consumer = await openConsumer(scene, inputs)
  const conversationId = await consumer.openConversation(inputs.request)
  await scene.clock.advance(0)
  const answer = await consumer.request('ms.QueryMessages', {
    dialogId: conversationId,
    fromSeq: 0,
  })
  return (answer.body as { event: { message: string } }[]).map(({ event }) => event.message)
}

test('all messages are on by default, each with a text', async () => {
  const { defaults, settings } = await call<{
    defaults: { type: string; active: boolean; text: string }[]
    settings: unknown[]
  }>(scene, 'GET', 'automatic-messages')
  expect(defaults.map(({ type }) => type)).toEqual(AUTOMATIC_MESSAGE_TYPES)
  expect(defaults.every(({ active, text }) => active && text.length > 0)).toBe(true)
  expect(settings).toEqual([])
})

test('texts are set for all, for a skill, for a language, and taken back', async () => {
  await call(scene, 'PUT', `automatic-messages/${FIRST}`, { text: 'For all' })
  await call(scene, 'PUT', `automatic-messages/${FIRST}?language=de`, { text: 'Auf Deutsch' })
  await call(scene, 'PUT', `automatic-messages/${FIRST}?skillId=1001`, { text: 'First skill' })
  expect(await welcomed(FIRST_INPUTS)).toEqual(['First skill'])
  expect(await welcomed(OTHER_INPUTS)).toEqual(['Auf Deutsch'])
  await call(scene, 'DELETE', `automatic-messages/${FIRST}?skillId=1001`)
  expect(await welcomed(FIRST_INPUTS)).toEqual(['For all'])
})

test('a message that is switched off is not sent, its function is asked all the same', async () => {
  await call(scene, 'PUT', `automatic-messages/${FIRST}`, { active: false })
  await givenFunction(scene, 'controllerbot_messaging_new_conversation', 'callback()')
  await using consumer = await openConsumer(scene, FIRST_INPUTS)
  const conversationId = await consumer.openConversation(FIRST_INPUTS.request)
  await scene.clock.advance(0)
  expect(await invocationsOf(scene, conversationId)).toMatchObject([
    { outcome: 'SUCCEEDED', commands: [] },
  ])
  expect(consumer.messages(conversationId)).toEqual([])
})

test('an idle message comes after its time, and again as often as it is repeated', async () => {
  const timing = { time: 2, timeUnits: 'minutes', repeat: 3 }
  await call(scene, 'PUT', 'automatic-messages/CONV_AWAITING_IN_QUEUE', { text: 'Wait', timing })
  await using consumer = await openConsumer(scene, FIRST_INPUTS)
  const conversationId = await consumer.openConversation(FIRST_INPUTS.request)
  const openedAt = scene.clock.now()
  await scene.clock.advance(60 * MINUTE_MS)
  await consumer.message(conversationId, ({ text }) => text === 'Wait')
  await expect
    .poll(() =>
      consumer
        .messages(conversationId)
        .filter(({ text }) => text === 'Wait')
        .map(({ record }) => record.serverTimestamp - openedAt),
    )
    .toEqual([2 * MINUTE_MS, 4 * MINUTE_MS, 6 * MINUTE_MS])
})

test('a manager who joins and leaves is not announced to the consumer, but its functions are asked', async () => {
  await givenFunction(scene, 'controllerbot_messaging_participants_change', 'callback()')
  await using agent = await openAgent(scene)
  await using manager = await openAgent(scene, 1)
  await using consumer = await openConsumer(scene, FIRST_INPUTS)
  const conversationId = await consumer.openConversation(FIRST_INPUTS.request)
  const helper = await Promise.any(
    [agent, manager].map(async (one) => {
      await one.accept(conversationId)
      return one
    }),
  )
  const other = helper === agent ? manager : agent
  for (const role of ['MANAGER', 'AGENT']) {
    const change = { field: 'ParticipantsChange', role, userId: other.oldId }
    await helper.update(conversationId, { ...change, type: 'ADD' })
    await helper.update(conversationId, { ...change, type: 'REMOVE' })
  }
  await scene.clock.advance(0)
  expect(await automatic(consumer, conversationId)).toEqual([
    'Welcome! How can we help you?',
    'You are now connected to an agent.',
    'Another agent has joined the conversation.',
    'An agent has left the conversation.',
  ])
  const types = (await invocationsOf(scene, conversationId)).map(
    ({ payload }) => payload.general.cbotEventType,
  )
  expect(types.filter((type) => type === 'ANOTHER_AGENT_JOINED_CONVERSATION')).toHaveLength(2)
  expect(types.filter((type) => type === 'JOINED_AGENT_LEFT_CONVERSATION')).toHaveLength(2)
})

test('automatic messages change neither whose turn it is nor the response time', async () => {
  await using consumer = await openConsumer(scene, FIRST_INPUTS)
  const conversationId = await consumer.openConversation(FIRST_INPUTS.request)
  const due = () => consumer.details(conversationId)
  await scene.clock.advance(0)
  await consumer.message(conversationId, () => true)
  expect(due()).toMatchObject({ ttr: { ttrType: 'NORMAL', value: 3600 } })
})

test.each([
  ['a kind that there is not', 'NO_SUCH_TYPE', { text: 'x' }, 'params.type'],
  ['an empty text', FIRST, { text: '' }, 'body.text'],
  ['a blank text', FIRST, { text: ' \n' }, 'body.text'],
  ['a misspelt member', FIRST, { txt: 'x' }, 'body'],
  ['a text of another type', FIRST, { text: 7 }, 'body.text'],
  ['U+0000', FIRST, { text: 'a\0' }, 'body.text'],
  ['a timing where there is none', FIRST, { timing: idle(1) }, 'body.timing'],
  ['no time at all', 'AGENT_NON_RESPONSIVE', { timing: idle(0) }, 'body.timing.time'],
  [
    'an unknown unit',
    'AGENT_NON_RESPONSIVE',
    { timing: { ...idle(1), timeUnits: 'weeks' } },
    'body.timing.timeUnits',
  ],
  ['a skill that does not exist', `${FIRST}?skillId=4711`, { text: 'x' }, 'query.skillId'],
  ['no language', `${FIRST}?language=%F0%9F%98%80`, { text: 'x' }, 'query.language'],
  [
    'a timing for a language',
    'AGENT_NON_RESPONSIVE?language=de',
    { timing: idle(1) },
    'body.timing',
  ],
])('%s is refused, naming the field', async (_, path, body, field) => {
  const url = `/api/v1/accounts/${scene.accountId}/automatic-messages/${path}`
  const reply = await scene.request('PUT', url, { bearer: scene.adminBearer, body })
  expect(reply.status).toBe(400)
  expect(reply.json<{ error: { message: string } }>().error.message).toContain(field)
})

function idle(time: number): object {
  return { time, timeUnits: 'seconds', repeat: 1 }
}

test('changes are audited, and only an administrator may make them', async () => {
  await call(scene, 'PUT', `automatic-messages/${FIRST}`, { text: 'Hi' })
  const { entries } = await call<{ entries: { action: string; object: string }[] }>(
    scene,
    'GET',
    'audit',
  )
  expect(entries).toContainEqual(
    expect.objectContaining({
      action: 'automatic-message.set',
      object: `automatic-message:${FIRST}`,
    }),
  )
  const url = `/api/v1/accounts/${scene.accountId}/automatic-messages/${FIRST}`
  expect((await scene.request('PUT', url, { body: { text: 'x' } })).status).toBe(401)
  const other = await server.anotherAccount()
  const stranger = { bearer: other.adminBearer, body: { text: 'x' } }
  expect((await scene.request('PUT', url, stranger)).status).not.toBe(200)
})
