import type { AgentCommand, AgentCommandAnswer } from '@parley/contract'
import { login } from '@parley/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenSkill,
  lambdasOf,
  openAgentSocket,
  openConsumerSocket,
  type Scene,
  startChat,
  startTestServer,
  type TestServer,
} from '#testing'

const EVENT = 'conversational_command'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** An agent who may call functions, unless told otherwise. */
async function newAgent(scene: Scene, skillIds: string[], profiles = ['FaaS-Invocation']) {
  const user = {
    user: `agent-${crypto.randomUUID().slice(0, 8)}`,
    password: 'words of an agent 12',
  }
  await call(scene, 'POST', 'users', {
    loginName: user.user,
    password: user.password,
    nickname: 'Kim',
    role: 'agent',
    skillIds,
    profiles,
  })
  return { ...(await login(scene, user)), ...user }
}

async function stage() {
  const scene = await anotherScene(server)
  const skillId = await givenSkill(scene)
  const agent = await newAgent(scene, [skillId])
  const given = (name: string, body: string, description = 'made by a test') =>
    lambdasOf(scene).deployed(`async function lambda(input, callback) {\n${body}\n}`, {
      name,
      description,
      eventId: EVENT,
    })
  const run = (conversationId: string, typed: unknown, bearer = agent.bearer) =>
    scene.request(
      'POST',
      `/api/v1/accounts/${scene.accountId}/conversations/${conversationId}/agent-commands`,
      { bearer, body: typed },
    )
  return { scene, skillId, agent, given, run }
}

test('lists what is deployed, with the hint of its arguments', async () => {
  const { scene, agent, given } = await stage()
  const mail = await given('mail', 'callback(null, 1)', '[email, subject:optional] - Sends a mail')
  const plain = await given('plain', 'callback(null, 1)', 'Says something')
  await lambdasOf(scene).create('function lambda(input, callback) { callback(null, 1) }', {
    name: 'a_draft',
    eventId: EVENT,
  })
  await lambdasOf(scene).deployed('function lambda(input, callback) { callback(null, 1) }')
  const path = `/api/v1/accounts/${scene.accountId}/agent-commands`
  const reply = await scene.request('GET', path, { bearer: agent.bearer })
  expect(reply.json<{ commands: AgentCommand[] }>()).toEqual({
    commands: [
      {
        name: 'mail',
        description: '[email, subject:optional] - Sends a mail',
        hint: 'email, subject:optional',
        functionId: mail,
      },
      { name: 'plain', description: 'Says something', hint: '', functionId: plain },
    ],
  })
})

test('only agents who may call functions are offered commands', async () => {
  const { scene, skillId, run } = await stage()
  const without = await newAgent(scene, [skillId], [])
  const path = `/api/v1/accounts/${scene.accountId}/agent-commands`
  const listed = await scene.request('GET', path, { bearer: without.bearer })
  expect(listed.status).toBe(403)
  const refused = await run('any', { name: 'x', text: '' }, without.bearer)
  expect(refused.status).toBe(403)
  expect(refused.text).toContain('function:invoke')
})

test('a command that is called while functions are switched off says so', async () => {
  const { scene, skillId, given, run } = await stage()
  await given('show', `callback(null, 'shown')`)
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation({ skillId })
  await call(scene, 'PATCH', 'settings', { functionsEnabled: false })
  const refused = await run(conversationId, { name: 'show' })
  expect(refused.status).toBe(403)
  expect(refused.json()).toMatchObject({ error: { code: 'functions_disabled' } })

  await call(scene, 'PATCH', 'settings', { functionsEnabled: true })
  const answer = await run(conversationId, { name: 'show' })
  expect(answer.json()).toEqual({ kind: 'message', text: 'shown' })
})

test('a command runs in a live chat, too, for who sees it', async () => {
  const { scene, skillId, given, run } = await stage()
  await given('show', 'callback(null, JSON.stringify(input.payload))')
  const chat = await startChat(scene, { skillId, name: 'Ada', text: 'my order' })
  const answer = await run(chat.chatId, { name: 'show', text: 'order 7' })
  expect(answer.status).toBe(200)
  const { text = '' } = answer.json<AgentCommandAnswer>()
  expect(JSON.parse(text)).toEqual({
    conversationId: chat.chatId,
    arguments: ['order', '7'],
  })
  const stranger = await newAgent(scene, [])
  const refused = await run(chat.chatId, { name: 'show', text: '' }, stranger.bearer)
  expect(refused.status).toBe(404)
  expect(JSON.stringify(await chat.view())).not.toContain('order 7')
})

test('a command gets the conversation and its arguments, and answers nobody else', async () => {
  const { scene, skillId, agent, given, run } = await stage()
  await given('show', 'callback(null, JSON.stringify(input.payload))')
  await using consumer = await openConsumerSocket(scene)
  await using colleague = await openAgentSocket(scene, agent)
  await colleague.goOnline()
  const conversationId = await consumer.openConversation({ skillId })
  await colleague.accept(conversationId)
  const answer = await run(conversationId, {
    name: 'show',
    text: ' echo  "two words" subject:"a b"\t"" tür ',
  })
  expect(answer.status).toBe(200)
  const { kind, text } = answer.json<AgentCommandAnswer>()
  expect(kind).toBe('message')
  expect(JSON.parse(text!)).toEqual({
    conversationId,
    arguments: ['echo', 'two words', 'subject:a b', '', 'tür'],
  })

  // What both are told after it: nothing of the command is among it.
  await consumer.say(conversationId, 'after the command')
  await consumer.message(conversationId, ({ text: said }) => said === 'after the command')
  await colleague.message(conversationId, ({ text: said }) => said === 'after the command')
  for (const { messages } of [consumer, colleague]) {
    expect(JSON.stringify(messages(conversationId))).not.toContain('two words')
  }
  const timeline = await call<object>(
    scene,
    'GET',
    `conversations/${conversationId}/timeline?kind=message`,
  )
  expect(JSON.stringify(timeline)).not.toContain('two words')
  // The run itself is on record, with its conversation.
  const { entries } = await call<{ entries: { run: object }[] }>(
    scene,
    'GET',
    `conversations/${conversationId}/timeline?kind=run`,
  )
  expect(entries.map(({ run: record }) => record)).toContainEqual(
    expect.objectContaining({ eventId: EVENT, conversationId, outcome: 'SUCCEEDED' }),
  )
})

test.each<[what: string, body: string, shown: AgentCommandAnswer]>([
  ['a text', `callback(null, 'sent')`, { kind: 'message', text: 'sent' }],
  ['an empty text', `callback(null, '')`, { kind: 'message', text: '' }],
  ['a number', `callback(null, 0)`, { kind: 'message', text: '0' }],
  ['true', `callback(null, true)`, { kind: 'success' }],
  ['an object', `callback(null, { secret: 'x' })`, { kind: 'success' }],
  ['null', `callback(null, null)`, { kind: 'success' }],
  ['nothing', `callback()`, { kind: 'success' }],
  [
    'an error',
    `callback(new Error('No such order'), null)`,
    { kind: 'error', text: 'No such order' },
  ],
  ['a crash', `throw new TypeError('oh')`, { kind: 'error', text: 'oh' }],
])('%s is shown as published', async (_what, body, shown) => {
  const { scene, skillId, given, run } = await stage()
  await given('command', body)
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation({ skillId })
  const answer = await run(conversationId, { name: 'command' })
  expect(answer.json()).toEqual(shown)
})

test('a command that never answers is an error, and is not tried again', async () => {
  const { scene, skillId, given, run } = await stage()
  await call(scene, 'PATCH', 'settings', { limits: { executionTimeMs: 1_000 } })
  await given('hang', 'await new Promise(() => setInterval(() => 1, 100))')
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation({ skillId })
  const answer = (await run(conversationId, { name: 'hang' })).json<AgentCommandAnswer>()
  expect(answer).toEqual({ kind: 'error', text: 'Lambda Execution is taking too long' })
  const { entries } = await call<{ entries: { run: object }[] }>(
    scene,
    'GET',
    `conversations/${conversationId}/timeline?kind=run`,
  )
  expect(entries).toMatchObject([{ run: { outcome: 'TIMEOUT' } }])
  const path = `invocations?conversationId=${conversationId}`
  const { invocations } = await call<{ invocations: object[] }>(scene, 'GET', path)
  const { events } = await call<{ events: { eventId: string; source: string }[] }>(
    scene,
    'GET',
    'function-events',
  )
  // As the catalogue calls it, and every other event.
  const source = events.find(({ eventId }) => eventId === EVENT)?.source
  expect(invocations).toMatchObject([{ eventId: EVENT, source }])
})

test('bad input is refused by name, and runs nothing', async () => {
  const { scene, skillId, agent, given, run } = await stage()
  await given('count', 'callback(null, input.payload.arguments.length)')
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation({ skillId })
  const refused = async (typed: unknown, status: number, ...words: string[]) => {
    const reply = await run(conversationId, typed)
    expect(reply.status).toBe(status)
    for (const word of words) expect(reply.text).toContain(word)
  }
  await refused({ name: 'count', text: 'one "two' }, 400, 'body.text', 'quote')
  await refused({ name: 'count', text: 'x '.repeat(10_000) }, 400, 'body.text', '10000')
  await refused({ name: 'count', text: 7 }, 400, 'body.text')
  await refused({ text: 'x' }, 400, 'body.name')
  await refused({ name: 'count', text: '', more: 1 }, 400, 'more')
  await refused({ name: 'counts' }, 404, 'body.name', 'counts', 'count')

  // As many words as fit.
  const most = await run(conversationId, { name: 'count', text: 'x '.repeat(5_000) })
  expect(most.json()).toEqual({ kind: 'message', text: '5000' })

  const missing = await run('no-such-conversation', { name: 'count' })
  expect(missing.status).toBe(404)
  // Of a skill that is not this agent's, and of another account.
  await using stranger = await openConsumerSocket(scene)
  const foreign = await stranger.openConversation({ skillId: await givenSkill(scene) })
  expect((await run(foreign, { name: 'count' })).status).toBe(404)
  const other = await stage()
  const across = await other.scene.request(
    'POST',
    `/api/v1/accounts/${scene.accountId}/conversations/${conversationId}/agent-commands`,
    { bearer: other.agent.bearer, body: { name: 'count' } },
  )
  expect([401, 403]).toContain(across.status)
  expect(agent.bearer).not.toBe(other.agent.bearer)
})
