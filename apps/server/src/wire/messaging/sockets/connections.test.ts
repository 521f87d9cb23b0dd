import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  openAgentSocket,
  openConsumerSocket,
  openWireSocket,
  startTestServer,
  type TestServer,
  type WireSocket,
} from '#testing'

const TWO_MINUTES = 120_000
/** More long messages than a client that does not read gets before it is cut off. */
const MAX_SENT = 4000
const AT_ONCE = 50
const LONG_TEXT = '€'.repeat(8000)

/** Consumers are on one node, agents on the other. */
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

async function stage() {
  const account = await server.anotherAccount()
  const { accountId, agents } = account
  const here = { url: server.urls[0]!, accountId }
  const there = { url: server.urls[1]!, accountId }
  const patchSettings = (messaging: object) =>
    server.request('PATCH', `/api/v1/accounts/${accountId}/settings`, {
      bearer: account.adminBearer,
      body: { messaging },
    })
  return {
    ...account,
    here,
    there,
    patchSettings,
    newConsumer: () => openConsumerSocket(here),
    newAgent: (which = 0) => openAgentSocket(there, agents[which]!),
    nodesOf: async (userId: string) =>
      (await server.context.messaging.routing.findAgent(accountId, userId)).nodes,
  }
}

const codesOf = ({ frames }: WireSocket) =>
  frames.flatMap((frame) => (frame.kind === 'resp' ? [frame.code] : []))

test('a socket that is idle for two minutes is closed, and a ping keeps it open', async () => {
  const on = await stage()
  await using silent = await on.newConsumer()
  await using agent = await on.newAgent()
  server.leap(TWO_MINUTES - 30_000)
  await agent.ping()
  server.leap(31_000)
  expect(await silent.closed).toBe(1000)
  expect((await agent.request('.GetClock')).code).toBe(200)
})

test('an agent who is disabled or logs out loses the socket, on whichever node it is', async () => {
  const on = await stage()
  await using disabled = await on.newAgent(0)
  await using colleague = await on.newAgent(1)
  const users = `/api/v1/accounts/${on.accountId}/users/${disabled.userId}`
  const changed = await server.request('PATCH', users, {
    bearer: on.adminBearer,
    body: { enabled: false },
  })
  expect(changed.status).toBe(200)
  expect(await disabled.closed).toBe(4401)
  expect((await colleague.request('.GetClock')).code).toBe(200)

  await server.request('POST', `/api/account/${on.accountId}/logout?v=1.3`, {
    bearer: colleague.bearer,
  })
  expect(await colleague.closed).toBe(4401)
})

test('a consumer loses the socket when the key of its token is revoked, not when it is replaced', async () => {
  const { adminBearer, accountId, here, there } = await stage()
  const rotate = (body: object) =>
    server.request('POST', `/api/v1/accounts/${accountId}/signing-keys`, {
      bearer: adminBearer,
      body,
    })
  await using revoked = await openConsumerSocket(here)
  await using revokedThere = await openConsumerSocket(there)

  await rotate({})
  await using fresh = await openConsumerSocket(here)
  await server.request('POST', `/api/v1/accounts/${accountId}/clients`, {
    bearer: adminBearer,
    body: { name: 'another' },
  })
  for (const socket of [revoked, revokedThere, fresh]) {
    expect(await socket.request('GetClock')).toMatchObject({ code: 200 })
  }
  await rotate({ revoke: true })

  expect(await Promise.all([revoked.closed, revokedThere.closed, fresh.closed])).toEqual([
    4401, 4401, 4401,
  ])
})

test('the socket of a browser that does not authenticate within half a minute is closed', async () => {
  const on = await stage()
  const address = `${on.here.url.replace('http', 'ws')}/ws_api/account/${on.accountId}/messaging/consumer?v=3`
  await using stranger = await openWireSocket(address)
  server.leap(31_000)
  expect(await stranger.closed).toBe(4401)
})

test('a half-open socket of an agent is cut off, and its ring goes to another agent', async () => {
  const on = await stage()
  await using gone = await on.newAgent()
  await gone.goOnline()
  await using consumer = await on.newConsumer()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await gone.ring(conversationId)
  gone.stopReading()
  server.leap(TWO_MINUTES + 10_000)
  await expect.poll(() => on.nodesOf(gone.userId)).toEqual([])

  await using other = await on.newAgent(1)
  await other.goOnline()
  await server.clock.advance(30_000)
  await other.accept(conversationId)
})

test('the server stops reading from a client that does not read, and the client loses nothing', async () => {
  const on = await stage()
  await on.patchSettings({ requestsPerSecond: 10_000 })
  await using consumer = await on.newConsumer()
  const conversationId = await consumer.openConversation()
  for (let said = 0; said < 40; said += 1) await consumer.say(conversationId, LONG_TEXT)
  await using device = await openConsumerSocket(on.here, { jwt: consumer.jwt })
  device.stopReading()
  const asked = 30
  const answers = Array.from({ length: asked }, () =>
    device.request('ms.QueryMessages', { dialogId: conversationId, fromSeq: 0 }),
  )
  await consumer.say(conversationId, 'end')
  device.readAgain()
  for (const answer of await Promise.all(answers)) {
    expect(answer.code).toBe(200)
    expect(answer.body.length).toBeGreaterThanOrEqual(40)
  }
  await device.message(conversationId, ({ text }) => text === 'end')
})

test('a client that never reads is cut off, and reads on by sequence after it has reconnected', async () => {
  const on = await stage()
  await on.patchSettings({ requestsPerSecond: 100_000, accountRequestsPerSecond: 1_000_000 })
  await using consumer = await on.newConsumer()
  const conversationId = await consumer.openConversation()
  const slow = await on.newAgent()
  await slow.follow(conversationId)
  await expect.poll(() => on.nodesOf(slow.userId)).not.toEqual([])
  slow.stopReading()
  for (let said = 0; said < MAX_SENT; said += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, () => consumer.say(conversationId, LONG_TEXT)),
    )
    if ((await on.nodesOf(slow.userId)).length === 0) break
  }
  expect(await on.nodesOf(slow.userId)).toEqual([])
  slow.readAgain()
  await slow.closed

  await using back = await on.newAgent()
  const next = slow.messages(conversationId).at(-1)!.sequence + 1
  await back.request('.ams.ms.QueryMessages', {
    dialogId: conversationId,
    newerThanSequence: next,
  })
  const end = await consumer.say(conversationId, 'end')
  await back.message(conversationId, ({ text }) => text === 'end')
  const sequences = back.messages(conversationId).map(({ sequence }) => sequence)
  expect(sequences).toEqual(Array.from({ length: end - next + 1 }, (_, index) => next + index))
})

test('a frame of more than a megabyte closes the socket', async () => {
  const on = await stage()
  await using consumer = await on.newConsumer()
  consumer.sendRaw('x'.repeat(1_100_000))
  expect(await consumer.closed).toBe(1009)
})

test('requests beyond the limit of a socket are refused', async () => {
  const on = await stage()
  await on.patchSettings({ requestsPerSecond: 100_000, accountRequestsPerSecond: 1_000_000 })
  await using consumer = await on.newConsumer()
  const conversationId = await consumer.openConversation()
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'me too' }
  const asked = Array.from({ length: 1500 }, () =>
    consumer.request('ms.PublishEvent', { dialogId: conversationId, event }),
  )
  const codes = (await Promise.all(asked)).map(({ code }) => code)
  expect(new Set(codes)).toEqual(new Set([200, 429]))
  expect(codes.filter((code) => code === 200).length).toBeGreaterThanOrEqual(1000)
})

test('a flood of an account is refused on all its sockets, and other accounts are served', async () => {
  const on = await stage()
  const calm = await stage()
  await on.patchSettings({ accountRequestsPerSecond: 10 })
  await using one = await on.newConsumer()
  await using two = await on.newConsumer()
  await using other = await calm.newConsumer()
  const ask = (socket: WireSocket) =>
    Promise.all(Array.from({ length: 40 }, () => socket.request('GetClock')))
  await Promise.all([ask(one), ask(two), ask(other)])
  const refused = [...codesOf(one), ...codesOf(two)].filter((code) => code === 429)
  expect(refused.length).toBeGreaterThan(10)
  expect(new Set(codesOf(other))).toEqual(new Set([200]))
  await two.until(() => codesOf(two).length === 40)
  expect((await other.request('GetClock')).code).toBe(200)
})

test('tokens of another account open no socket, and its conversations are not found', async () => {
  const own = await stage()
  const foreign = await stage()
  await using consumer = await own.newConsumer()
  await using agent = await own.newAgent()
  const conversationId = await consumer.openConversation()
  const wsUrl = (path: string) =>
    `${foreign.there.url.replace('http', 'ws')}/ws_api/account/${foreign.accountId}/messaging/${path}`
  await using asAgent = await openWireSocket(wsUrl(`brand/${agent.bearer}?v=2.1`))
  expect(await asAgent.closed).toBe(4401)
  await using asConsumer = await openWireSocket(wsUrl('consumer?v=3'), {
    authorization: `jwt ${consumer.jwt}`,
  })
  expect(await asConsumer.closed).toBe(4401)

  await using spy = await foreign.newAgent()
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'hello' }
  for (const [type, body] of [
    ['.ams.ms.QueryMessages', { dialogId: conversationId }],
    ['.ams.ms.PublishEvent', { dialogId: conversationId, event }],
    [
      '.ams.cm.UpdateConversationField',
      {
        conversationId,
        conversationField: [{ field: 'ParticipantsChange', type: 'ADD', role: 'READER' }],
      },
    ],
  ] as const) {
    expect((await spy.request(type, body)).code).toBe(404)
  }
})
