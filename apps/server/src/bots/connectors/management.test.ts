import { call as callTyped, login } from '@parley/client'
import { type Connector, getConnector, listConnectors } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenSkill,
  lambdasOf,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import { deploy, draftOf, givenBot, PREFIX, said } from './connectors.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const ECHO = `callback(null, { messages: ['echo ' + input.payload.message], context: {} })`

const native = (scene: Scene, method: string, path: string, body?: unknown) =>
  lambdasOf(scene).native(method, `/${path}`, body)

test('a connector is made, shown, changed and deleted, with a user of its own', async () => {
  const scene = await anotherScene(server)
  const [skillId, escalationId] = [await givenSkill(scene), await givenSkill(scene)]
  const draft = draftOf(await deploy(scene, ECHO), skillId, escalationId)
  const made = await call<Connector>(scene, 'POST', 'connectors', draft)
  expect(made).toMatchObject({ ...draft, state: 'offline' })
  expect(made.conversations).toEqual({ open: 0, advised: 250, limit: 999 })
  const user = await call<object>(scene, 'GET', `users/${made.userId}`)
  expect(user).toMatchObject({ kind: 'bot', nickname: 'Robo', skillIds: [skillId] })

  const other = await givenSkill(scene)
  const changed = await call<Connector>(scene, 'PATCH', `connectors/${made.connectorId}`, {
    name: 'Robert',
    skillIds: [other],
    combine: { maxMessages: 3, timeFrameMs: 1000, afterTypingMs: 2000 },
  })
  expect(changed).toMatchObject({
    ...draft,
    name: 'Robert',
    skillIds: [other],
    combine: { maxMessages: 3, timeFrameMs: 1000, afterTypingMs: 2000 },
  })
  const without = await call<Connector>(scene, 'PATCH', `connectors/${made.connectorId}`, {
    combine: null,
  })
  expect(without).not.toHaveProperty('combine')
  const listed = await call<{ connectors: Connector[] }>(scene, 'GET', 'connectors')
  expect(listed.connectors).toEqual([without])

  await call(scene, 'DELETE', `connectors/${made.connectorId}`)
  const gone = await native(scene, 'GET', `connectors/${made.connectorId}`)
  expect([gone.status, gone.json()]).toMatchObject([
    404,
    { error: { message: `No connector "${made.connectorId}"` } },
  ])
  await scene.clock.advance(0)
  expect((await native(scene, 'GET', `users/${made.userId}`)).status).toBe(404)
})

test('changes of a connector that come at once are all kept', async () => {
  const scene = await anotherScene(server)
  const { connectorId, fn } = await givenBot(scene, ECHO)
  const path = `connectors/${connectorId}`
  const [one, other] = [await fn(ECHO), await fn(ECHO)]

  for (const [isOn, functionId] of [
    [true, one],
    [false, other],
    [true, one],
  ] as const) {
    const changes = {
      name: `Robo ${functionId}`,
      welcome: isOn,
      engagementAttributes: isOn,
      vendor: { kind: 'function', functionId },
      hooks: { pre: functionId },
    }
    const sent = Object.entries(changes).map((change) =>
      call(scene, 'PATCH', path, Object.fromEntries([change])),
    )
    await Promise.all(sent)
    expect(await call(scene, 'GET', path)).toMatchObject(changes)
  }
})

test('a connector that is made twice by one id is there once, unless it says something else', async () => {
  const scene = await anotherScene(server)
  const [skillId, escalationId] = [await givenSkill(scene), await givenSkill(scene)]
  const connectorId = '1f0c7b9e-1111-4222-8333-444455556666'
  const more = { connectorId, combine: { maxMessages: 3, timeFrameMs: 1000, afterTypingMs: 2000 } }
  const draft = draftOf(await deploy(scene, ECHO), skillId, escalationId, more)
  const made = await call<Connector>(scene, 'POST', 'connectors', draft)
  const again = await native(scene, 'POST', 'connectors', draft)
  const other = await native(scene, 'POST', 'connectors', { ...draft, name: 'Robert' })

  expect([made.connectorId, again.status, other.status]).toEqual([connectorId, 201, 409])
  expect(again.json()).toEqual(made)
  const { connectors } = await call<{ connectors: Connector[] }>(scene, 'GET', 'connectors')
  expect(connectors).toEqual([made])
})

test('what a connector names must exist, and every member is checked', async () => {
  const scene = await anotherScene(server)
  const [skillId, escalationId] = [await givenSkill(scene), await givenSkill(scene)]
  const functionId = await deploy(scene, ECHO)
  const none = crypto.randomUUID()
  const refused = async (more: object, ...words: string[]) => {
    const draft = draftOf(functionId, skillId, escalationId, more)
    const reply = await native(scene, 'POST', 'connectors', draft)
    expect(reply.status).toBe(400)
    for (const word of words) expect(reply.text).toContain(word)
  }
  await refused({ skillIds: [skillId, '999999'] }, 'body.skillIds.1', '999999')
  await refused({ skillIds: [] }, 'body.skillIds')
  await refused({ vendor: { kind: 'function', functionId: none } }, 'body.vendor.functionId', none)
  await refused({ vendor: { kind: 'oracle' } }, 'body.vendor.kind')
  await refused({ hooks: { post: none } }, 'body.hooks.post', none)
  await refused({ hooks: { pre: functionId, beyond: functionId } }, 'beyond')
  await refused({ channels: ['smoke'] }, 'body.channels.0')
  await refused({ unknown: 1 }, 'unknown')
  await refused({ combine: { maxMessages: 0, timeFrameMs: 1, afterTypingMs: 1 } }, 'maxMessages')
  const escalation = { messageToCustomer: '', messageToAgent: '', transferFailureMessage: '' }
  await refused({ escalation: { ...escalation, skillId: '77' } }, 'body.escalation.skillId', '77')
  // Nothing is left behind of what was refused.
  const { users } = await call<{ users: { kind: string }[] }>(scene, 'GET', 'users')
  expect(users.filter(({ kind }) => kind === 'bot')).toEqual([])
})

test('a test asks the function, and names what is wrong', async () => {
  const scene = await anotherScene(server)
  const { connectorId, fn } = await givenBot(scene, ECHO)
  const tested = () => call(scene, 'POST', `connectors/${connectorId}/test`)
  expect(await tested()).toEqual({ ok: true })
  const name = `${PREFIX}aivendor.faas.testConnection`
  for (const [body, reason] of [
    [`callback(new Error('no'), null)`, 'no'],
    [`callback()`, 'The function answered nothing'],
    [`callback(null, null)`, 'The function answered nothing'],
  ] as const) {
    const vendor = { kind: 'function', functionId: await fn(body) }
    await call(scene, 'PATCH', `connectors/${connectorId}`, { vendor })
    expect(await tested()).toEqual({ ok: false, error: { name, reason } })
  }
})

test('a bot whose function is broken is interrupted, and comes back by itself', async () => {
  const scene = await anotherScene(server)
  const { connectorId, fn, consumer: open } = await givenBot(scene, ECHO)
  const { uuid } = await lambdasOf(scene).create(
    `function lambda(input, callback) { callback(null, { messages: ['back'] }) }`,
  )
  const vendor = (functionId: string) =>
    call(scene, 'PATCH', `connectors/${connectorId}`, { vendor: { kind: 'function', functionId } })
  const start = () =>
    call<Connector>(scene, 'PUT', `connectors/${connectorId}/state`, { state: 'online' })
  await vendor(await fn(`callback(new Error('down'), null)`))
  expect((await start()).state).toBe('vendor-interruption')
  // It takes conversations, and gives them away at once.
  const { consumer, conversationId } = await open()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, ({ text }) => text === 'A human will help you')

  // Not deployed: nothing is taken.
  await vendor(uuid)
  expect((await start()).state).toBe('service-interruption')
  const second = await open()
  await using __ = second.consumer
  await second.consumer.say(second.conversationId, 'anybody?')
  await scene.clock.advance(30_000)
  expect(said(second.consumer, second.conversationId)).toEqual([])
  expect((await lambdasOf(scene).deploy(uuid)).status).toBe(200)
  await scene.clock.advance(60_000)
  await second.consumer.message(second.conversationId, ({ text }) => text === 'back')
  const { state } = await call<Connector>(scene, 'GET', `connectors/${connectorId}`)
  expect(state).toBe('online')
})

test('what a deleted bot had goes to other agents', async () => {
  const scene = await anotherScene(server)
  const { connectorId, skillId, consumer: open, agent: openAgent } = await givenBot(scene, ECHO)
  const { consumer, conversationId } = await open()
  await using _ = consumer
  await consumer.say(conversationId, 'one')
  await consumer.message(conversationId, ({ text }) => text === 'echo one')
  await using agent = await openAgent([skillId])
  await call(scene, 'DELETE', `connectors/${connectorId}`)
  await agent.accept(conversationId)
  await agent.say(conversationId, 'a human')
  await consumer.message(conversationId, ({ text }) => text === 'a human')
})

test('a connector whose only skill is deleted is listed and shown without skills, and gets others', async () => {
  const scene = await anotherScene(server)
  const [skillId, other] = [await givenSkill(scene), await givenSkill(scene)]
  const draft = draftOf(await deploy(scene, ECHO), skillId, other)
  const { connectorId } = await call<Connector>(scene, 'POST', 'connectors', draft)
  await call(scene, 'DELETE', `skills/${skillId}`)
  const admin = await login(scene, scene.admin)

  const { connectors } = await callTyped(admin, listConnectors)
  expect(connectors).toMatchObject([{ connectorId, skillIds: [] }])
  const shown = await callTyped(admin, getConnector, { params: { connectorId } })
  expect(shown.skillIds).toEqual([])
  const change = { skillIds: [other] }
  const changed = await call<Connector>(scene, 'PATCH', `connectors/${connectorId}`, change)
  expect(changed.skillIds).toEqual([other])
})
