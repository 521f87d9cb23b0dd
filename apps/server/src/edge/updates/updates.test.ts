import { once } from 'node:events'
import { connect } from 'node:net'
import { topicsOf } from '@parley/contract'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { tellChange } from '#base/changes'
import {
  anotherScene,
  call,
  givenFunction,
  lambdasOf,
  openAgentSocket,
  openConsumerSocket,
  openEventSource,
  startTestServer,
  type TestServer,
  twoNodeAccount,
} from '#testing'
import { follow, givenUser } from './follow.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2, wallClock: 'system' })
})
afterAll(() => server[Symbol.asyncDispose]())

const WELCOME = 'controllerbot_messaging_new_conversation'
test('a reader on another node is told what changes: functions, runs, logs, conversations, agents, settings', async () => {
  const scene = await anotherScene(server)
  const { told } = await follow(server, scene)
  const functionId = await givenFunction(
    scene,
    WELCOME,
    `console.info('asked'); callback(null, { type: 'systemMessage', text: 'Hello' })`,
  )
  await told({ topic: 'functions' })
  await told({ topic: 'functions', id: functionId })
  await told({ topic: 'deployments', id: functionId })
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await told({ topic: 'conversations', id: conversationId })
  await told({ topic: 'runs', id: functionId, conversationId })
  await told({ topic: 'logs' })
  await lambdasOf(scene).invoke(functionId, {})
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await agent.goOnline()
  await told({ topic: 'agents', id: agent.userId })
  await call(scene, 'PATCH', 'settings', { messaging: { ringMs: 61_000 } })
  await told({ topic: 'settings' })
  await told({ topic: 'audit' })
})

test('revisions of a conversation grow, and only what the reader may see is named', async () => {
  const scene = await anotherScene(server)
  const strange = await givenUser(scene, { skillIds: ['1002'] })
  const skilled = await givenUser(scene, { skillIds: ['1001'] })
  const own = await follow(server, scene, { bearer: skilled.bearer })
  const foreign = await follow(server, scene, { bearer: strange.bearer })
  await using consumer = await openConsumerSocket(scene)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await agent.goOnline()
  const hidden = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(hidden)
  await own.told({ topic: 'conversations', id: hidden })
  await agent.update(hidden, { field: 'Skill', type: 'UPDATE', skill: '1002' })
  await foreign.told({ topic: 'conversations', id: hidden })
  const revisionsOf = ({ updates }: typeof own) =>
    updates().flatMap(({ id, revision = 0 }) => (id === hidden ? [revision] : []))
  const newest = (reader: typeof own) => Math.max(...revisionsOf(reader))
  // It left the sight of the other one, who is told once more and then hears nothing of it.
  const [left = 0] = revisionsOf(foreign)
  await expect.poll(() => newest(own)).toBeGreaterThanOrEqual(left)
  const until = newest(foreign)
  await consumer.say(hidden, 'Only for 1002')
  await expect.poll(() => newest(foreign)).toBeGreaterThan(until)
  const seen = await (async () => {
    const second = await openConsumerSocket(scene)
    onTestFinished(() => second[Symbol.asyncDispose]())
    return second.openConversation({ skillId: '1001' })
  })()
  await own.told({ topic: 'conversations', id: seen })
  expect(revisionsOf(own)).toEqual(revisionsOf(own).toSorted((a, b) => a - b))
  expect(newest(own)).toBeLessThan(newest(foreign))
  expect(foreign.updates().some(({ id }) => id === seen)).toBe(false)
})

test('a reader of another account hears nothing of this one', async () => {
  const scene = await anotherScene(server)
  const other = await anotherScene(server)
  const { updates, told } = await follow(server, other)
  const functionId = await givenFunction(scene, WELCOME, 'callback(null, [])')
  const own = await givenFunction(other, WELCOME, 'callback(null, [])')
  await told({ topic: 'deployments', id: own })
  expect(updates().some(({ id }) => id === functionId)).toBe(false)
})

test('a topic that one may not read is refused by its name, an unknown one by what there is', async () => {
  const scene = await anotherScene(server)
  const agent = await givenUser(scene, { skillIds: ['1001'] })
  const ask = (query: string, headers = {}) =>
    scene.request('GET', `/api/v1/accounts/${scene.accountId}/updates?${query}`, {
      bearer: agent.bearer,
      headers,
    })
  const refused = await ask('topics=conversations&topics=runs')
  expect(refused.status).toBe(403)
  expect(refused.text).toContain('lacks the permission \\"record:read\\" for the topic \\"runs\\"')
  const unknown = await ask('topics=run')
  expect(unknown.status).toBe(400)
  expect(unknown.text).toContain('query.topics')
  const chats = await ask('topics=conversations&chats=perhaps')
  expect(chats.status).toBe(400)
  expect(chats.text).toContain('query.chats')
  const place = await ask('topics=conversations', { 'last-event-id': 'soon' })
  expect(place.status).toBe(400)
  expect(place.text).toContain('headers.last-event-id')
  // Without topics it gets those that it may read.
  const { told, updates } = await follow(server, scene, { bearer: agent.bearer })
  await call(scene, 'PATCH', 'settings', { messaging: { ringMs: 62_000 } })
  await told({ topic: 'settings' })
  expect(updates().every(({ topic }) => topic !== 'audit')).toBe(true)
})

test('only the conversation and the function that are asked for are named', async () => {
  const scene = await anotherScene(server)
  const functionId = await givenFunction(scene, WELCOME, 'callback(null, [])')
  await using consumer = await openConsumerSocket(scene)
  const first = await consumer.openConversation({ skillId: '1001' })
  const { told, updates } = await follow(server, scene, {
    query: `?topics=conversations&topics=runs&topics=functions&conversationId=${first}&functionId=${functionId}`,
  })
  await using other = await openConsumerSocket(scene)
  const second = await other.openConversation({ skillId: '1001' })
  await givenFunction(scene, 'controllerbot_messaging_conversation_end', 'callback(null, [])')
  await consumer.say(first, 'still there')
  await told({ topic: 'conversations', id: first })
  expect(
    updates().filter(({ id, conversationId }) => id === second || conversationId === second),
  ).toEqual([])
  expect(
    updates().every(({ topic, id }) => topic !== 'functions' || !id || id === functionId),
  ).toBe(true)
})

test('a reader that comes again is told what has changed meanwhile, by whichever node', async () => {
  const scene = await anotherScene(server)
  const functionId = await givenFunction(
    scene,
    WELCOME,
    `callback(null, { type: 'systemMessage', text: 'Hello' })`,
  )
  await using consumer = await openConsumerSocket(scene)
  const before = await consumer.openConversation({ skillId: '1001' })
  await server.clock.advance(60_000 * 5)
  const { source, ready } = await follow(server, scene)
  source[Symbol.dispose]()
  await server.clock.advance(1000)
  await using other = await openConsumerSocket(scene)
  const meanwhile = await other.openConversation({ skillId: '1001' })
  await other.message(meanwhile, ({ role }) => role === 'CONTROLLER')
  await call(scene, 'PATCH', 'settings', { messaging: { ringMs: 63_000 } })

  const again = await follow(server, scene, { node: 0, last: ready.id! })
  await again.told({ topic: 'conversations', id: meanwhile })
  await again.told({ topic: 'runs', id: functionId, conversationId: meanwhile })
  const settings = await again.told({ topic: 'settings' })
  expect(settings.json['id']).toBeUndefined()
  expect(again.updates().some(({ id }) => id === before)).toBe(false)

  // Who was away for long reads the lists again.
  await server.clock.advance(11 * 60_000)
  const late = await follow(server, scene, { last: ready.id! })
  const conversations = await late.told({ topic: 'conversations' })
  expect(conversations.json['id']).toBeUndefined()
})

test('a reader that comes again is not told of topics of which nothing can have changed meanwhile', async () => {
  const scene = await anotherScene(server)
  await server.clock.advance(60_000)
  const present = await follow(server, scene)
  const again = await follow(server, scene, { query: `?after=${present.ready.id}` })
  await call(scene, 'POST', 'skills', { name: 'Newer' })
  await again.told({ topic: 'skills' })
  expect(again.updates().map(({ topic }) => topic)).not.toContain('users')
})

test('the stream ends with the session, and with the right to one of its topics', async () => {
  const scene = await anotherScene(server)
  const developer = await givenUser(scene, { role: 'agent-manager', profiles: ['FaaS-Developer'] })
  const runs = await follow(server, scene, { bearer: developer.bearer, query: '?topics=runs' })
  const agents = await follow(server, scene, { bearer: developer.bearer, query: '?topics=agents' })
  await call(scene, 'PATCH', `users/${developer.userId}`, { profiles: [] })
  await runs.source.ended
  // It goes on where nothing was taken.
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await agent.goOnline()
  await agents.told({ topic: 'agents', id: agent.userId })
  await scene.request('DELETE', `/api/v1/accounts/${scene.accountId}/sessions/current`, {
    bearer: developer.bearer,
  })
  await agents.source.ended
})

test('dead letters are told of when they come', async () => {
  const { context } = server
  const scene = await anotherScene(server)
  const { told } = await follow(server, scene, { query: '?topics=deadLetters' })
  await context.store.transaction(async (tx) =>
    context.store.enqueue(tx, scene.accountId, [
      { consumer: 'controller-bot', orderingKey: 'x', facts: { nonsense: true } },
    ]),
  )
  context.delivery.wake()
  for (let minutes = 0; minutes < 26 * 60; minutes += 60) await server.clock.advance(60 * 60_000)
  await told({ topic: 'deadLetters' })
})

test('a reader that does not read holds little, and is told to read the lists again', async () => {
  const scene = await anotherScene(server)
  const { accountId } = scene
  const socket = connect(server.port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  socket.setEncoding('utf8')
  socket.write(
    `GET /api/v1/accounts/${accountId}/updates?topics=functions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${scene.adminBearer}\r\n\r\n`,
  )
  let heard = ''
  socket.on('data', (text: string) => (heard += text))
  await expect.poll(() => heard).toContain('ready')
  socket.pause()
  const CHANGES = 100_000
  for (let n = 0; n < CHANGES; n++) {
    tellChange(server.context.store, accountId, { topic: 'functions', id: `function-${n}` })
    // Notifications leave at the end of a turn.
    if (n % 500 === 499) await new Promise((resolve) => setImmediate(resolve))
  }
  socket.resume()
  const whole = () => [...heard.matchAll(/data: (\{"topic":"functions","at":.*\})/g)]
  await expect.poll(() => whole().length).toBeGreaterThan(0)
  tellChange(server.context.store, accountId, { topic: 'functions', id: 'the last' })
  await expect.poll(() => heard).toContain('"the last"')
  expect(heard.match(/"function-\d+"/g)?.length).toBeLessThan(CHANGES)
})

test('what every operation changes has a topic, or none for a reason', () => {
  const specs = server.context.http.app.parleySpecs
  const changing = specs.filter(
    ({ method, path, auth, audit }) =>
      method !== 'GET' &&
      path.includes(':accountId') &&
      auth !== 'public' &&
      auth !== 'operator' &&
      audit !== false &&
      typeof audit !== 'object',
  )
  expect(changing.length).toBeGreaterThan(50)
  expect(changing.filter((spec) => !topicsOf(spec)).map(({ path }) => path)).toEqual([])
})

test('what a node may have missed is to be read again', async () => {
  const on = await twoNodeAccount(server)
  const path = `/api/v1/accounts/${on.accountId}/updates?topics=functions`
  using source = await openEventSource(`${server.urls[1]}${path}`, {
    authorization: `Bearer ${on.account.adminBearer}`,
  })
  await source.until(({ event }) => event === 'ready')
  server.context.store.resyncAll(server.clock.now())
  const told = await source.until(({ event }) => event === 'changed')
  expect(told.json).toMatchObject({ topic: 'functions' })
  expect(told.json['id']).toBeUndefined()
})
