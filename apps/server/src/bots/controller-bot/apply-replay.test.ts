import type { AppliedReplay, WholeInvocation } from '@parley/contract'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenFunction,
  givenSkill,
  lambdasOf,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import { FIRST_INPUTS, openConsumer } from './scene.fixture.ts'

const NEW = 'controllerbot_messaging_new_conversation'
const WELCOME = 'Welcome! How can we help you?'
const BROKEN = `throw new Error('broken')`

let server: TestServer
let scene: Scene
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(async () => {
  scene = await anotherScene(server)
})

const lambda = (answer: string) => `async function lambda(input, callback) {\n${answer}\n}`
const says = (text: string) => `callback(null, { type: 'systemMessage', text: '${text}' })`

async function runsOf(functionId: string): Promise<WholeInvocation[]> {
  const path = `invocations?functionId=${functionId}`
  return (await call<{ invocations: WholeInvocation[] }>(scene, 'GET', path)).invocations
}

/** A conversation whose event has failed to the last attempt, with the newest run. */
async function givenFailure(skillId = '1001') {
  const functionId = await givenFunction(scene, NEW, BROKEN)
  const consumer = await openConsumer(scene, FIRST_INPUTS)
  const conversationId = await consumer.openConversation({ skillId })
  await scene.clock.advance(60_000)
  await consumer.message(conversationId, ({ text }) => text === WELCOME)
  await expect.poll(async () => (await runsOf(functionId)).length).toBe(4)
  const runs = await runsOf(functionId)
  const change = (answer: string) =>
    call(scene, 'PATCH', `functions/${functionId}`, { code: lambda(answer) })
  return { functionId, consumer, conversationId, recordId: runs.at(-1)!.recordId, change }
}

/** The status, and the whole answer. */
async function apply(recordId: string, body: object = { against: 'draft' }) {
  const path = `/invocations/${recordId}/replay/apply`
  const { status, text } = await lambdasOf(scene).native('POST', path, body)
  return { status, text, ...(JSON.parse(text) as AppliedReplay) }
}

test('what failed for a conversation is run again on a mended draft, and its commands are applied once', async () => {
  const { functionId, consumer, conversationId, recordId, change } = await givenFailure()
  await using _ = consumer
  await change(says('Mended'))

  const all = await Promise.all([1, 2, 3, 4, 5].map(() => apply(recordId)))

  const [done, ...more] = all.filter(({ status }) => status === 200)
  expect(more).toEqual([])
  expect(done).toMatchObject({
    replayOf: recordId,
    version: 2,
    outcome: 'SUCCEEDED',
    commands: [{ type: 'systemMessage', applied: true }],
  })
  for (const refused of all.filter((one) => one !== done)) {
    expect(refused).toMatchObject({
      status: 409,
      error: { message: expect.stringContaining(`by the run "${done!.recordId}"`) },
    })
  }
  await consumer.message(conversationId, ({ text }) => text === 'Mended')
  const texts = consumer.messages(conversationId).map(({ text }) => text)
  expect(texts).toEqual([WELCOME, 'Mended'])
  const runs = await runsOf(functionId)
  expect(runs.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5])
  expect(new Set(runs.map(({ invocationId }) => invocationId)).size).toBe(1)
  expect(runs.at(-1)).toMatchObject({
    recordId: done!.recordId,
    version: 2,
    outcome: 'SUCCEEDED',
    commands: [{ type: 'systemMessage', applied: true }],
  })
})

test('the consumer reads what the function has said, though the record masks it, and keeps its beginning only', async () => {
  const { functionId, consumer, conversationId, recordId, change } = await givenFailure()
  await using _ = consumer
  const value = 'correct-horse-battery'
  await call(scene, 'POST', 'secrets', { name: 'named-in-a-text', value })

  await change(`const { Toolbelt } = require('lp-faas-toolbelt')
    const { value } = await Toolbelt.SecretClient().readSecret('named-in-a-text')
    callback(null, [{ type: 'systemMessage', text: 'It is ' + value }, 'x'.repeat(70000)])`)

  const applied = await apply(recordId)
  expect(applied).toMatchObject({
    status: 200,
    outcome: 'SUCCEEDED',
    commands: [{ type: 'systemMessage', applied: true }, { applied: false }],
  })
  expect(applied.text).not.toContain(value)
  await consumer.message(conversationId, ({ text }) => text === `It is ${value}`)
  expect(JSON.stringify(await runsOf(functionId))).not.toContain(value)
})

test('a result that the server does not read is a failure, and applies nothing', async () => {
  const { functionId, consumer, recordId, change } = await givenFailure()
  await using _ = consumer
  await change(`callback(null, Array(200000).fill(1))`)

  expect(await apply(recordId)).toMatchObject({
    status: 200,
    outcome: 'CODING_FAILURE',
    errorMessage: expect.stringContaining('values'),
    commands: [],
  })
  expect(await runsOf(functionId)).toHaveLength(4)
})

test('nothing is applied while functions are switched off', async () => {
  const { functionId, consumer, recordId, change } = await givenFailure()
  await using _ = consumer
  await change(says('Mended'))
  await call(scene, 'PATCH', 'settings', { functionsEnabled: false })

  expect(await apply(recordId)).toMatchObject({
    status: 403,
    error: { message: expect.stringContaining('switched off') },
  })
  expect(await runsOf(functionId)).toHaveLength(4)
})

test('a run that fails again applies nothing, and may be applied later', async () => {
  const { consumer, conversationId, recordId, change, functionId } = await givenFailure()
  await using _ = consumer

  const again = await apply(recordId, { against: 'deployed' })
  expect(again).toMatchObject({ status: 200, outcome: 'CODING_FAILURE', commands: [] })
  expect(again.recordId).toBeUndefined()
  expect(await runsOf(functionId)).toHaveLength(4)

  await change(says('Mended'))
  expect(await apply(recordId)).toMatchObject({ status: 200, commands: [{ applied: true }] })
  await consumer.message(conversationId, ({ text }) => text === 'Mended')
})

test('what is still tried is not applied by hand as well', async () => {
  const functionId = await givenFunction(scene, NEW, BROKEN)
  await using consumer = await openConsumer(scene, FIRST_INPUTS)
  await consumer.openConversation({ skillId: '1001' })
  await expect.poll(async () => (await runsOf(functionId)).length).toBe(1)
  const [first] = await runsOf(functionId)
  await call(scene, 'PATCH', `functions/${functionId}`, { code: lambda(says('Mended')) })

  expect(await apply(first!.recordId)).toMatchObject({
    status: 409,
    error: { message: expect.stringContaining('is still tried') },
  })
})

test('what no longer makes sense is refused with its reason', async () => {
  const { consumer, conversationId, recordId, change } = await givenFailure()
  await using _ = consumer
  const other = await givenSkill(scene)
  await change(`callback(null, { type: 'transfer', skillId: '${other}' })`)
  const field = { field: 'ConversationStateField', conversationState: 'CLOSE' }
  await consumer.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: [field],
  })

  expect(await apply(recordId)).toMatchObject({
    status: 200,
    commands: [
      {
        type: 'transfer',
        applied: false,
        reason: expect.stringMatching(/^The conversation is closed/),
      },
    ],
  })
})

test('only what failed for an event of a conversation can be applied', async () => {
  const direct = await lambdasOf(scene).deployed(lambda(`throw new Error('no')`))
  await lambdasOf(scene).invoke(direct, {})
  await expect.poll(async () => (await runsOf(direct)).length).toBe(1)
  const [failed] = await runsOf(direct)
  expect(await apply(failed!.recordId)).toMatchObject({
    status: 409,
    error: { message: expect.stringContaining('not for an event of a conversation') },
  })

  const functionId = await givenFunction(scene, NEW, says('Welcome by code'))
  await using consumer = await openConsumer(scene, FIRST_INPUTS)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await consumer.message(conversationId, ({ text }) => text === 'Welcome by code')
  const [good] = await runsOf(functionId)
  expect(await apply(good!.recordId)).toMatchObject({
    status: 409,
    error: { message: expect.stringContaining('were applied already') },
  })
  expect(await apply(crypto.randomUUID())).toMatchObject({ status: 404 })
  expect(await apply(good!.recordId, { against: 'yesterday' })).toMatchObject({ status: 400 })
})
