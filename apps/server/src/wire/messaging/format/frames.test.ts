import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  openAgentSocket,
  openConsumerSocket,
  openWireSocket,
  signUp,
  startTestServer,
  type TestServer,
} from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const wsUrl = (path: string) =>
  `${server.url.replace('http', 'ws')}/ws_api/account/${server.accountId}/messaging/${path}`

test('a frame that is no request is answered, and the socket stays open', async () => {
  await using consumer = await openConsumerSocket(server)
  const frames = [
    '',
    'nonsense',
    '[]',
    '1',
    'null',
    '{}',
    '{"kind":"req"}',
    '{"kind":"req","id":"a"}',
  ]
  for (const frame of frames) consumer.sendRaw(frame)
  consumer.sendRaw(
    `{"kind":"req","id":"deep","type":"GetClock","body":${'['.repeat(500)}${']'.repeat(500)}}`,
  )
  consumer.sendRaw(JSON.stringify({ kind: 'req', id: 'x', type: 'a'.repeat(300_000) }))
  await consumer.until(() => consumer.frames.length === frames.length + 2)
  for (const frame of consumer.frames) expect(frame).toMatchObject({ kind: 'resp', code: 400 })
  expect((await consumer.request('GetClock')).code).toBe(200)
})

test('text that cannot be stored is refused in every member', async () => {
  await using consumer = await openConsumerSocket(server)
  const conversationContext = { type: 'SharkContext', lang: 'en\u0000US' }
  const refused = await consumer.request('cm.ConsumerRequestConversation', { conversationContext })
  expect(refused.code).toBe(400)
  expect(refused.body).toContain('lang')
  const clientProperties = { appId: 'x'.repeat(5000) }
  const long = await consumer.request('cm.ConsumerRequestConversation', {
    conversationContext: { clientProperties },
  })
  expect(long.code).toBe(400)
})

test('an unknown type, a type of the other side and an unsupported type are refused with different errors', async () => {
  await using consumer = await openConsumerSocket(server)
  await using agent = await openAgentSocket(server, server.agents[0]!)
  expect(await consumer.request('ms.Nonsense', {})).toMatchObject({
    code: 400,
    body: 'Unknown request type "ms.Nonsense"',
  })
  expect(await consumer.request('routing.SetAgentState', {})).toMatchObject({
    code: 403,
    body: '"routing.SetAgentState" is not supported on this face',
  })
  expect(await agent.request('.ams.cm.AgentRequestConversation', {})).toMatchObject({
    code: 400,
    body: '".ams.cm.AgentRequestConversation" is not supported by this server',
  })
})

test('both sides accept both spellings of a type, and answers carry ids as they came', async () => {
  await using consumer = await openConsumerSocket(server)
  const answer = await consumer.request('.ams.aam.SubscribeExConversations', {}, { id: 7 })
  expect(answer).toMatchObject({
    reqId: 7,
    code: 200,
    type: 'cqm.SubscribeExConversationsResponse',
  })
  expect(await consumer.request('KeepAlive')).toMatchObject({ code: 200 })
  expect((await consumer.request('.GetClock')).body).toEqual({ currentTime: server.clock.now() })
})

test('the refusal of a request names the wrong member', async () => {
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation()
  const answer = await consumer.request('ms.PublishEvent', {
    dialogId: conversationId,
    event: { type: 'ContentEvent', contentType: 'text/plain', message: 'x'.repeat(8001) },
  })
  expect(answer.code).toBe(400)
  expect(answer.body).toContain('message')
  const unknown = await consumer.request('ms.PublishEvent', {
    dialogId: crypto.randomUUID(),
    event: { type: 'ContentEvent', contentType: 'text/plain', message: 'x' },
  })
  expect(unknown.code).toBe(404)
  for (const minLastUpdatedTime of [1.5, 1e300]) {
    const late = await consumer.request('cqm.SubscribeExConversations', { minLastUpdatedTime })
    expect(late.code).toBe(400)
    expect(late.body).toContain('minLastUpdatedTime')
  }
})

test('members that are null count as absent, and a single field needs no list', async () => {
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation({ ttrDefName: null, skillId: null })
  const answer = await consumer.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: { field: 'ConversationStateField', conversationState: 'CLOSE' },
  })
  expect(answer).toMatchObject({
    code: 200,
    type: 'StringResponse',
    body: 'OK Conversation resolved successfully',
  })
})

test('a published bot asks for messages by a number that is a text', async () => {
  await using consumer = await openConsumerSocket(server)
  const dialogId = await consumer.openConversation()
  for (const text of ['one', 'two']) await consumer.say(dialogId, text)
  await using agent = await openAgentSocket(server, server.admin)
  const query = (body: object) => agent.request('.ams.ms.QueryMessages', { dialogId, ...body })
  const sequencesOf = async (body: object) =>
    ((await query(body)).body as { sequence: number }[]).map(({ sequence }) => sequence)

  expect(await sequencesOf({ newerThanSequence: '0', maxQuantity: '2' })).toEqual([0, 1])
  expect(await sequencesOf({ newerThanSequence: '-1', maxQuantity: '1' })).toEqual([0])
  expect(await sequencesOf({ fromSeq: '1', maxQuantity: '1' })).toEqual([1])
  for (const newerThanSequence of ['x', '1.5', '', '9'.repeat(17)]) {
    const refused = await query({ newerThanSequence })
    expect(refused.code).toBe(400)
    expect(refused.body).toContain('newerThanSequence')
  }
})

test('one element may stand for a list of it', async () => {
  await using consumer = await openConsumerSocket(server)
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await agent.goOnline()
  const lead = { type: 'lead', lead: { topic: 'shoes' } }
  const profile = { authenticatedData: { lp_sdes: lead } }
  expect((await consumer.request('userprofile.SetUserProfile', profile)).code).toBe(200)
  const dialogId = await consumer.openConversation({
    conversationContext: { type: 'SharkContext', features: 'RICH_CONTENT' },
  })
  await agent.accept(dialogId)
  const subscription = { convState: 'OPEN', stage: 'OPEN', agentIds: agent.oldId }
  const subscribed = await agent.request('.ams.aam.SubscribeExConversations', subscription)
  expect(subscribed.code).toBe(200)

  const action = { type: 'publishText', text: 'Yes' }
  const metadata = { type: 'ExternalId', id: '7' }
  const button = { type: 'button', title: 'Yes', click: { actions: action, metadata } }
  const card = { type: 'vertical', elements: { type: 'horizontal', elements: button } }
  const events = [
    { type: 'RichContentEvent', content: card },
    {
      type: 'ContentEvent',
      message: 'Yes?',
      quickReplies: { type: 'quickReplies', replies: button },
    },
    { type: 'AcceptStatusEvent', status: 'READ', sequenceList: 0 },
  ]
  for (const event of events) {
    const published = await agent.request('.ams.ms.PublishEvent', { dialogId, event }, { metadata })
    expect(published).toMatchObject({ code: 200 })
  }
  const shown = await consumer.message(dialogId, ({ event }) => event.type === 'RichContentEvent')
  const whole = { ...button, click: { actions: [action], metadata: [metadata] } }
  expect(shown.record).toMatchObject({
    event: { content: { elements: [{ type: 'horizontal', elements: [whole] }] } },
    metadata: [metadata],
  })

  await using browser = await openWireSocket(wsUrl('consumer?v=3'))
  const headers = { type: '.ams.headers.ConsumerAuthentication', jwt: consumer.jwt }
  expect((await browser.request('InitConnection', {}, { headers })).code).toBe(200)
})

test('a property of a client that is null takes nothing from the others', async () => {
  const clientProperties = { deviceFamily: 'MOBILE', osVersion: null, features: 'AUTO_MESSAGES' }
  const nothing = { os: null, appId: null, ipAddress: null }
  await using consumer = await openConsumerSocket(server, {
    clientProperties: { ...clientProperties, ...nothing },
  })
  const conversationId = await consumer.openConversation()
  await consumer.until(() => consumer.details(conversationId) !== undefined)
  expect(consumer.details(conversationId).context.clientProperties).toEqual({
    type: '.ClientProperties',
    deviceFamily: 'MOBILE',
    features: ['AUTO_MESSAGES'],
    ipAddress: '127.0.0.1',
  })
})

test.each([
  { said: 'with its handshake', clientProperties: { type: '.ams.headers.ClientProperties' } },
  { said: 'with its request', conversationContext: { clientProperties: { type: 'Mine' } } },
])(
  'properties of a client have their published type, whatever it says $said',
  async ({ clientProperties, ...request }) => {
    await using agent = await openAgentSocket(server, server.agents[0]!)
    await agent.goOnline()
    await using consumer = await openConsumerSocket(server, {
      ...(clientProperties && { clientProperties }),
    })
    const conversationId = await consumer.openConversation(request)
    await agent.accept(conversationId)
    await consumer.say(conversationId, 'hello')
    const is = { type: '.ClientProperties', ipAddress: '127.0.0.1' }
    for (const side of [agent, consumer]) {
      const { record } = await side.message(conversationId, ({ text }) => text === 'hello')
      expect(record.originatorClientProperties).toEqual(is)
      expect(side.details(conversationId).context.clientProperties).toEqual(is)
    }
    const asRead = agent.messages(conversationId).find(({ text }) => text === 'hello')
    expect(asRead?.record.originatorMetadata.clientProperties).toEqual(is)
  },
)

test('what a client says of itself with its request for a conversation is on its later messages, too', async () => {
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation({
    conversationContext: { clientProperties: { os: 'OSX' }, features: ['AUTO_MESSAGES'] },
  })
  await consumer.say(conversationId, 'hello')
  const { record } = await consumer.message(conversationId, ({ text }) => text === 'hello')
  expect(record.originatorClientProperties).toEqual({
    type: '.ClientProperties',
    ipAddress: '127.0.0.1',
    os: 'OSX',
    features: ['AUTO_MESSAGES'],
  })
})

test('requests that a browser sends right after InitConnection wait for it', async () => {
  await using device = await openConsumerSocket(server)
  const dialogId = await device.openConversation()
  await using socket = await openWireSocket(wsUrl('consumer?v=3'))
  const headers = [{ type: '.ams.headers.ConsumerAuthentication', jwt: device.jwt }]
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'back again' }
  const answers = await Promise.all([
    socket.request('InitConnection', {}, { headers }),
    socket.request('ms.SubscribeMessagingEvents', { dialogId }),
    socket.request('ms.PublishEvent', { dialogId, event }),
    socket.request('cqm.SubscribeExConversations', {}),
  ])
  expect(answers.map(({ code }) => code)).toEqual([200, 200, 200, 200])
})

test('a browser authenticates by InitConnection, and other requests are refused before', async () => {
  await using socket = await openWireSocket(wsUrl('consumer?v=3'))
  expect((await socket.request('GetClock', {})).code).toBe(401)
  const jwt = await signUp(server)
  const introduced = await socket.request(
    'InitConnection',
    {},
    {
      headers: [
        {
          type: '.ams.headers.ClientProperties',
          deviceFamily: 'MOBILE',
          features: ['AUTO_MESSAGES'],
        },
        { type: '.ams.headers.ConsumerAuthentication', jwt },
      ],
    },
  )
  expect(introduced).toMatchObject({ code: 200, type: 'StringResponse' })
  expect((await socket.request('cm.ConsumerRequestConversation')).code).toBe(200)
})

test('a wrong token closes with 4401', async () => {
  await using byHeader = await openWireSocket(wsUrl('consumer?v=3'), {
    authorization: 'jwt nonsense',
  })
  expect(await byHeader.closed).toBe(4401)
  await using byRequest = await openWireSocket(wsUrl('consumer?v=3'))
  const refused = await byRequest.request(
    'InitConnection',
    {},
    {
      headers: [{ type: '.ams.headers.ConsumerAuthentication', jwt: 'nonsense' }],
    },
  )
  expect(refused.code).toBe(401)
  expect(await byRequest.closed).toBe(4401)
  await using agent = await openWireSocket(wsUrl('brand/nonsense?v=2.1'))
  expect(await agent.closed).toBe(4401)
})

test('a socket is closed when its token ends: an agent logs in again, an anonymous consumer extends its identity', async () => {
  await using own = await startTestServer()
  await using consumer = await openConsumerSocket(own)
  await using agent = await openAgentSocket(own, own.agents[0]!)
  await own.clock.advance(9 * 3600_000)
  expect(await agent.closed).toBe(4401)
  await own.clock.advance(31 * 24 * 3600_000)
  expect(await consumer.closed).toBe(4407)
})

test('a flood is refused, and the socket stays open', async () => {
  const account = { url: server.url, ...(await server.anotherAccount()) }
  await server.request('PATCH', `/api/v1/accounts/${account.accountId}/settings`, {
    bearer: account.adminBearer,
    body: { messaging: { requestsPerSecond: 5 } },
  })
  await using consumer = await openConsumerSocket(account)
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => consumer.request('GetClock', {})),
  )
  const codes = answers.map(({ code }) => code)
  expect(codes.filter((code) => code === 200).length).toBeGreaterThanOrEqual(5)
  expect(codes.filter((code) => code === 429).length).toBeGreaterThan(5)
})
