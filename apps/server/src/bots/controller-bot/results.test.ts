import type { FunctionHealth, WholeInvocation } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  call,
  givenFunction,
  givenSkill,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import { invocationsOf } from './controller-bot.fixture.ts'
import { automatic, FIRST_INPUTS, openConsumer, openIn } from './scene.fixture.ts'

const NEW = 'controllerbot_messaging_new_conversation'
const WELCOME = 'Welcome! How can we help you?'

let server: TestServer
let scene: Scene

beforeAll(async () => {
  server = await startTestServer()
  scene = server
})
afterAll(() => server[Symbol.asyncDispose]())

const consumerOf = (where = scene) => openConsumer(where, FIRST_INPUTS)

test('without a function the default message is sent', async () => {
  await using consumer = await consumerOf()
  expect(await automatic(consumer, await openIn(scene, consumer))).toEqual([WELCOME])
})

const answers: [string, string, string[]][] = [
  ['says nothing', 'callback()', [WELCOME]],
  ['returns an empty list', 'callback(null, [])', [WELCOME]],
  ['returns a text', `callback(null, 'ok')`, [WELCOME]],
  ['returns a number', 'callback(null, 7)', [WELCOME]],
  ['returns null', 'callback(null, null)', [WELCOME]],
  ['returns unknown commands', `callback(null, [{ type: 'sing' }, null, 5, []])`, [WELCOME]],
  ['returns a message', `callback(null, { type: 'systemMessage', text: 'Hi' })`, ['Hi']],
  [
    'returns two messages',
    `callback(null, [1, 2].map((n) => ({ type: 'systemMessage', text: 'No. ' + n })))`,
    ['No. 1'],
  ],
  ['suppresses by []', `callback(null, { type: 'systemMessage', text: [] })`, []],
  ['suppresses by an empty text', `callback(null, [{ type: 'systemMessage', text: '' }])`, []],
  ['suppresses by a blank text', `callback(null, { type: 'systemMessage', text: ' \\n' })`, []],
  [
    'returns ten thousand commands',
    `callback(null, Array.from({ length: 10000 }, () => ({ type: 'systemMessage', text: 'x' })))`,
    ['x'],
  ],
  [
    'nests deeply',
    `let deep = []; for (let n = 0; n < 1000; n += 1) deep = [deep]; callback(null, deep)`,
    [WELCOME],
  ],
  [
    'writes what cannot be stored',
    `callback(null, { type: 'systemMessage', text: 'a\\u0000b\\ud800c' })`,
    ['a\uFFFDb\uFFFDc'],
  ],
]

test('whatever a function returns, the conversation goes on', async () => {
  const skillId = await givenSkill(scene)
  await givenFunction(
    scene,
    NEW,
    `switch (input.payload.general.sessionId) {
      ${answers.map(([, answer], at) => `case ${at}: { ${answer}; break }`).join('\n')}
    }`,
    { skills: [skillId] },
  )
  for (const [at, [what, , texts]] of answers.entries()) {
    await using consumer = await consumerOf()
    const conversationContext = { type: 'SharkContext', sessionId: String(at) }
    const conversationId = await consumer.openConversation({ skillId, conversationContext })
    await scene.clock.advance(0)
    expect({ what, texts: await automatic(consumer, conversationId) }).toEqual({ what, texts })
    expect(await consumer.say(conversationId, 'And on')).toBeGreaterThan(-1)
    expect(await invocationsOf(scene, conversationId)).toMatchObject([{ outcome: 'SUCCEEDED' }])
  }
})

test('a result that the server does not read is a failure in records, counts and log, too', async () => {
  const skillId = await givenSkill(scene)
  const functionId = await givenFunction(scene, NEW, 'callback(null, Array(200000).fill(1))', {
    skills: [skillId],
  })
  await using consumer = await consumerOf()
  const conversationId = await consumer.openConversation({ skillId })
  await scene.clock.advance(60_000)
  await consumer.message(conversationId, ({ text }) => text === WELCOME)

  const failed = {
    outcome: 'CODING_FAILURE',
    errorCode: 'com.liveperson.faas.handler.runtime-exception',
    errorMessage: expect.stringMatching(/^The function's result/),
  }
  const path = `invocations?conversationId=${conversationId}`
  const { invocations: runs } = await call<{ invocations: WholeInvocation[] }>(scene, 'GET', path)
  expect(runs).toHaveLength(4)
  expect(runs).toEqual(runs.map(() => expect.objectContaining(failed)))
  const { functions } = await call<{ functions: FunctionHealth[] }>(
    scene,
    'GET',
    'functions-health',
  )
  expect(functions).toContainEqual(
    expect.objectContaining({ functionId, invocations: runs.length, failures: runs.length }),
  )
  const replay = await call(scene, 'POST', `invocations/${runs[0]!.recordId}/replay`, {
    against: 'recorded',
  })
  expect(replay).toMatchObject({ ...failed, isSame: true })
})

test('reasons in records hide the secrets that a function has named', async () => {
  const skillId = await givenSkill(scene)
  const value = 'correct-horse-battery'
  await call(scene, 'POST', 'secrets', { name: 'named-in-commands', value })
  await givenFunction(
    scene,
    NEW,
    `const { Toolbelt } = require('lp-faas-toolbelt')
    const { value } = await Toolbelt.SecretClient().readSecret('named-in-commands')
    callback(null, [{ type: 'transfer', skillId: value, agentId: 'of ' + value }, { type: value }])`,
    { skills: [skillId] },
  )
  await call(scene, 'PATCH', 'settings', { transferToAgentEnabled: true })
  await using consumer = await consumerOf()
  const conversationId = await consumer.openConversation({ skillId })
  await scene.clock.advance(0)

  await expect
    .poll(async () => (await invocationsOf(scene, conversationId))[0]?.commands)
    .toMatchObject([
      { type: 'defaultMessage', applied: true },
      {
        type: 'transfer',
        applied: false,
        reason: expect.stringContaining('No skill "[secret]"; No agent "of [secret]"'),
      },
      { type: '[secret]', applied: false },
    ])
  const answers = await call(scene, 'GET', `invocations?conversationId=${conversationId}`)
  expect(JSON.stringify(answers)).not.toContain(value)
})
