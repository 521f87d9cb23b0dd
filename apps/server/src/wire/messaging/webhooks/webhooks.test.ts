import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { anotherScene, call, openAgentSocket, startTestServer, type TestServer } from '#testing'
import { givenConnector, type Renewed } from './connector.fixture.ts'
import { type EndPoint, isSignedBy, messagesOf, openEndPoint } from './end-point.fixture.ts'

const HOUR_MS = 3_600_000

let server: TestServer
/** Two for each test: the server is told at its start which ones it may reach. */
const unused: EndPoint[] = []
const endPoints = new AsyncDisposableStack()
let endPoint: EndPoint
let other: EndPoint
beforeAll(async () => {
  for (let count = 0; count < 18; count++) unused.push(endPoints.use(await openEndPoint()))
  server = await startTestServer({
    nodes: 2,
    wallClock: 'system',
    env: { PARLEY_EGRESS_PRIVATE: unused.map(({ host }) => host).join(',') },
  })
})
beforeEach(() => {
  const [one, two] = unused.splice(0, 2)
  if (!one || !two) throw new Error('There are more tests than end points')
  endPoint = one
  other = two
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await endPoints.disposeAsync()
})

interface DeadLetter {
  id: number
  name: string
  cause: string
  attempts: number
}

test('a consumer connector opens, speaks and hears by webhooks', async () => {
  const scene = await anotherScene(server)
  await using agent = await openAgentSocket(
    { ...scene, url: server.urls[1] ?? '' },
    scene.agents[0]!,
  )
  await agent.goOnline()
  const connector = await givenConnector(scene, endPoint)

  const { conversationId, say, send } = await connector.open('+49 170 1')
  await say('is anybody there?')
  await agent.accept(conversationId)
  await agent.message(conversationId, ({ text }) => text === 'is anybody there?')
  await agent.say(conversationId, 'I am')
  await endPoint.until(() => endPoint.texts().includes('I am'))
  await agent.request('.ams.ms.PublishEvent', {
    dialogId: conversationId,
    event: { type: 'ChatStateEvent', chatState: 'COMPOSING' },
  })
  await send({ type: 'AcceptStatusEvent', status: 'READ', sequenceList: [1] })
  await agent.request('.ams.cm.UpdateConversationField', {
    conversationId,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })
  const states = () =>
    endPoint.heard.flatMap(({ body }) =>
      body.changes.flatMap(({ result }) => result?.conversationDetails.stage ?? []),
    )
  const events = () => endPoint.heard.flatMap(({ body }) => body.changes.map(({ event }) => event))
  await endPoint.until(() => states().at(-1) === 'CLOSE')
  await endPoint.until(() => events().some((event) => event?.chatState === 'COMPOSING'))

  expect(states()[0]).toBe('OPEN')
  expect(events().some((event) => event?.type === 'AcceptStatusEvent')).toBe(true)
  expect(endPoint.texts().filter((text) => text === 'I am')).toHaveLength(1)
  const [answer] = endPoint.heard.filter(
    ({ raw }) => raw.includes('"I am"') && raw.includes('"sequence"'),
  )
  expect(answer?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-liveperson-account-id': scene.accountId,
    'x-liveperson-client-id': connector.clientId,
  })
  expect(answer?.path).toBe('/hooks?key=k')
  const said = endPoint.heard.find(({ body }) => body.changes[0]?.event?.message === 'I am')
  expect(JSON.parse(said?.raw ?? '')).toEqual({
    kind: 'notification',
    type: 'ms.MessagingEventNotification',
    body: {
      dialogId: conversationId,
      changes: [
        {
          sequence: expect.any(Number),
          originatorId: expect.any(String),
          originatorMetadata: { id: expect.any(String), role: 'ASSIGNED_AGENT' },
          serverTimestamp: server.clock.now(),
          event: { type: 'ContentEvent', contentType: 'text/plain', message: 'I am' },
          conversationId,
          dialogId: conversationId,
          messageAudience: 'ALL',
        },
      ],
    },
  })
  const typing = endPoint.heard.find(({ raw }) => raw.includes('COMPOSING'))
  expect(typing?.body.changes[0]).toMatchObject({ messageAudience: 'ALL' })
  const change = endPoint.heard.find(({ raw }) => raw.includes('"convId"'))
  expect(JSON.parse(change?.raw ?? '').body.changes[0].result.conversationDetails).toMatchObject({
    brandId: scene.accountId,
  })
  for (const heard of endPoint.heard) expect(isSignedBy(connector.clientSecret, heard)).toBe(true)
})

test('an application hears what it has asked for, and only of conversations that it has opened', async () => {
  const scene = await anotherScene(server)
  const events = ['ms.MessagingEventNotification.ContentEvent']
  const connector = await givenConnector(scene, { ...endPoint, events })
  const silent = await givenConnector(scene, other)
  const one = await connector.open('a')
  const two = await silent.open('a')

  await one.send({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
  await two.say('for the other one')
  await one.say('mine')
  await endPoint.until(() => endPoint.texts().includes('mine'))
  await other.until(() => other.texts().includes('for the other one'))

  expect(new Set(endPoint.heard.map(({ type }) => type))).toEqual(
    new Set(['ms.MessagingEventNotification']),
  )
  expect(endPoint.heard.map(({ raw }) => raw).join()).not.toContain('COMPOSING')
  expect(endPoint.texts()).toEqual(['mine'])
  expect(other.texts()).not.toContain('mine')
})

test('what only agents may read is not sent', async () => {
  const scene = await anotherScene(server)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await agent.goOnline()
  const connector = await givenConnector(scene, endPoint)
  const { conversationId } = await connector.open('a')
  await agent.accept(conversationId)
  await agent.request('.ams.ms.PublishEvent', {
    dialogId: conversationId,
    messageAudience: 'AGENTS_AND_MANAGERS',
    event: { type: 'ContentEvent', contentType: 'text/plain', message: 'a secret of agents' },
  })
  await agent.say(conversationId, 'for all')
  await endPoint.until(() => endPoint.texts().includes('for all'))

  expect(endPoint.heard.map(({ raw }) => raw).join()).not.toContain('a secret of agents')
})

test('a failing end point is tried again; the notifications of a conversation keep their order', async () => {
  const scene = await anotherScene(server)
  const connector = await givenConnector(scene, endPoint)
  const [one, two] = [await connector.open('a'), await connector.open('b')]
  let failures = 3
  endPoint.answers(({ raw }) => {
    if (!raw.includes('"1st"') || failures === 0) return 201
    failures -= 1
    return 503
  })

  for (const text of ['1st', '2nd', '3rd']) await one.say(text)
  await two.say('elsewhere')
  await endPoint.until(() => endPoint.texts().includes('elsewhere'))
  expect(endPoint.texts(one.conversationId)).not.toContain('2nd')
  await server.clock.advance(10_000)
  await endPoint.until(() => endPoint.texts(one.conversationId).includes('3rd'))

  const texts = endPoint.texts(one.conversationId)
  expect([...new Set(texts)]).toEqual(['1st', '2nd', '3rd'])
  expect(texts.slice(-2)).toEqual(['2nd', '3rd'])
  // An attempt is the same bytes under the same id.
  const ids = messagesOf(endPoint.heard).filter(({ text }) => text === '1st')
  expect(new Set(ids.map(({ deliveryId }) => deliveryId)).size).toBe(1)
})

test('after 24 hours without success it is a dead letter; what waited behind it has no longer, and all can be put back', async () => {
  const scene = await anotherScene(server)
  const events = ['ms.MessagingEventNotification.ContentEvent']
  const connector = await givenConnector(scene, { ...endPoint, events })
  const one = await connector.open('a')
  await endPoint.until(() => endPoint.heard.length === 1)
  endPoint.answers(() => 500)
  await one.say('1st')
  await one.say('2nd')
  const letters = async () => {
    const { deadLetters } = await call<{ deadLetters: DeadLetter[] }>(scene, 'GET', 'dead-letters')
    return deadLetters.toSorted((a, b) => a.id - b.id).slice(0, 2)
  }

  await server.clock.advance(23 * HOUR_MS)
  expect(await letters()).toEqual([])
  await server.clock.advance(HOUR_MS)

  const dead = await letters()
  expect(dead).toMatchObject([
    { name: 'webhooks', attempts: 18 },
    { name: 'webhooks', attempts: 9 },
  ])
  expect(dead[0]?.cause).toBe('127.0.0.1: the end point answered 500')
  const heard = endPoint.texts()
  expect(heard.slice(0, 18)).toEqual(Array.from({ length: 18 }, () => '1st'))
  expect(heard.slice(18)).toEqual(Array.from({ length: 9 }, () => '2nd'))
  endPoint.answers(() => 200)
  for (const { id } of dead) await call(scene, 'POST', `dead-letters/${id}/redrive`)
  // Automatic messages may wait before them.
  await server.clock.advance(5 * HOUR_MS)
  await endPoint.until(() => endPoint.texts().length === 29)
  expect(endPoint.texts().slice(-2)).toEqual(['1st', '2nd'])
})

test('a new secret signs at once, and a changed address counts for what waits', async () => {
  const scene = await anotherScene(server)
  const connector = await givenConnector(scene, endPoint)
  const one = await connector.open('a')
  await one.say('old')
  await endPoint.until(() => endPoint.texts().includes('old'))
  const { clientSecret } = await call<Renewed>(
    scene,
    'POST',
    `clients/${connector.clientId}/secret`,
    {},
  )
  await one.say('new')
  await endPoint.until(() => endPoint.texts().includes('new'))

  const [old, fresh] = ['"old"', '"new"'].map((text) =>
    endPoint.heard.find(({ raw }) => raw.includes(text)),
  )
  expect(old && isSignedBy(connector.clientSecret, old)).toBe(true)
  expect(fresh && isSignedBy(clientSecret, fresh)).toBe(true)

  endPoint.answers(() => 500)
  await one.say('moved')
  await endPoint.until(() => endPoint.heard.some(({ raw }) => raw.includes('"moved"')))
  const webhook = { url: other.url, events: ['ms.MessagingEventNotification'] }
  await call(scene, 'PATCH', `clients/${connector.clientId}`, { webhook })
  await server.clock.advance(1000)
  await other.until(() => other.texts().includes('moved'))
})

test('an end point that is private, by whatever name, is not called', async () => {
  const scene = await anotherScene(server)
  const port = endPoint.host.split(':')[1] ?? ''
  const events = ['ms.MessagingEventNotification']
  const connector = await givenConnector(scene, { url: `https://localhost:${port}/`, events })
  const own = await givenConnector(scene, { url: 'https://parley.internal/', events })
  for (const each of [connector, own]) await (await each.open('a')).say('hello')

  await server.clock.advance(24 * HOUR_MS)

  const { deadLetters } = await call<{ deadLetters: DeadLetter[] }>(scene, 'GET', 'dead-letters')
  expect(new Set(deadLetters.map(({ cause }) => cause))).toEqual(
    new Set([
      'localhost: localhost is a private or local target',
      'parley.internal: parley.internal is not served by this node',
    ]),
  )
  expect(endPoint.heard).toEqual([])
})

test('what an erased consumer said is not sent any more', async () => {
  const scene = await anotherScene(server)
  const connector = await givenConnector(scene, endPoint)
  const one = await connector.open('a')
  endPoint.answers(() => 500)
  await one.say('forget me')
  await endPoint.until(() => endPoint.heard.length > 0)
  const { db } = server.context.store
  const left = () =>
    db
      .selectFrom('outbox')
      .select('id')
      .where('accountId', '=', scene.accountId)
      .where('consumer', '=', 'webhooks')
      .execute()
  expect(await left()).not.toEqual([])
  await server.context.messaging.conversations.eraseConversations(scene.accountId, [
    one.conversationId,
  ])
  expect(await left()).toEqual([])
})

test('what waits for an application that is deleted, or may no longer act for consumers, is not sent', async () => {
  const scene = await anotherScene(server)
  const narrowed = await givenConnector(scene, endPoint)
  const deleted = await givenConnector(scene, other)
  for (const each of [endPoint, other]) each.answers(() => 500)
  for (const each of [narrowed, deleted]) await (await each.open('a')).say('too late')
  for (const each of [endPoint, other]) await each.until(() => each.heard.length > 0)
  const { db } = server.context.store
  const left = () =>
    db
      .selectFrom('outbox')
      .select('id')
      .where('accountId', '=', scene.accountId)
      .where('consumer', '=', 'webhooks')
      .execute()

  await call(scene, 'PATCH', `clients/${narrowed.clientId}`, { scopes: ['account.read'] })
  await call(scene, 'DELETE', `clients/${deleted.clientId}`)
  await server.clock.advance(1000)

  await expect.poll(left).toEqual([])
  expect([...endPoint.texts(), ...other.texts()]).not.toContain('too late')
  const { deadLetters } = await call<{ deadLetters: DeadLetter[] }>(scene, 'GET', 'dead-letters')
  expect(deadLetters).toEqual([])
})
