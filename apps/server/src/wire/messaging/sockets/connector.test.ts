import { expect, test } from 'vitest'
import {
  openAgentSocket,
  openConsumerSocket,
  openWireSocket,
  signUp,
  startTestServer,
} from '#testing'

test('an application opens a conversation and writes for a consumer without a socket', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const there = { url: server.urls[1]!, accountId: server.accountId }
  await using agent = await openAgentSocket(there, server.agents[0]!)
  await agent.goOnline()
  const jwt = await signUp(server)
  const post = async (
    path: string,
    body: unknown,
    headers: Record<string, string> = { 'x-lp-on-behalf': jwt },
  ) =>
    server.request('POST', `/api/account/${server.accountId}/messaging/consumer/${path}?v=3`, {
      bearer: server.appToken,
      headers,
      body,
    })

  const opened = await post('conversation', [
    { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: { firstName: 'Grace' } },
    { kind: 'req', id: '2', type: 'cm.ConsumerRequestConversation', body: { skillId: '1001' } },
  ])
  expect(opened.status).toBe(200)
  const answers = opened.json<{ reqId: string; code: number; body: { conversationId: string } }[]>()
  expect(answers).toMatchObject([
    { reqId: '1', code: 200 },
    { reqId: '2', code: 200 },
  ])
  const { conversationId } = answers[1]!.body

  const sent = await post('conversation/send', {
    kind: 'req',
    id: '3',
    type: 'ms.PublishEvent',
    body: {
      dialogId: conversationId,
      event: { type: 'ContentEvent', contentType: 'text/plain', message: 'by a connector' },
    },
  })
  expect(sent.json()).toMatchObject({ reqId: '3', code: 200 })
  await agent.accept(conversationId)
  await agent.message(conversationId, ({ text }) => text === 'by a connector')
  await using device = await openConsumerSocket(server, { jwt })
  await device.follow(conversationId)
  await device.message(conversationId, ({ text }) => text === 'by a connector')

  expect((await post('conversation/send', {}, {})).status).toBe(401)
  expect((await post('conversation/send', { kind: 'req', id: '4' })).json()).toMatchObject({
    code: 400,
  })
})

test('an application that names all its requests alike is believed that its consumer says the same once more, after others have spoken', async () => {
  await using server = await startTestServer()
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await agent.goOnline()
  const jwt = await signUp(server)
  const send = async (type: string, body: object) => {
    const path = `/api/account/${server.accountId}/messaging/consumer/conversation/send?v=3`
    const frame = { kind: 'req', id: '1', type, body }
    const headers = { 'x-lp-on-behalf': jwt }
    const reply = await server.request('POST', path, {
      bearer: server.appToken,
      headers,
      body: frame,
    })
    return reply.json<{ body: { conversationId: string; sequence: number } }>().body
  }
  const { conversationId: dialogId } = await send('cm.ConsumerRequestConversation', {
    skillId: '1001',
  })
  const say = async (message: string) =>
    (await send('ms.PublishEvent', { dialogId, event: { type: 'ContentEvent', message } })).sequence
  const first = await say('yes')
  // The answer may have been lost.
  expect(await say('yes')).toBe(first)
  await agent.accept(dialogId)
  await agent.say(dialogId, 'Anything else?')
  const second = await say('yes')
  expect(second).toBeGreaterThan(first)
  await agent.message(dialogId, ({ sequence }) => sequence === second)
})

test('a flood of an application is refused by the limit of its account', async () => {
  await using server = await startTestServer()
  await server.request('PATCH', `/api/v1/accounts/${server.accountId}/settings`, {
    bearer: server.adminBearer,
    body: { messaging: { accountRequestsPerSecond: 1 } },
  })
  const jwt = await signUp(server)
  const path = `/api/account/${server.accountId}/messaging/consumer/conversation/send?v=3`
  const replies = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      server.request('POST', path, {
        bearer: server.appToken,
        headers: { 'x-lp-on-behalf': jwt },
        body: { kind: 'req', id: String(index), type: 'GetClock' },
      }),
    ),
  )
  const statuses = replies.map(({ status }) => status)
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(1)
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(10)
})

test('of the requests of one call those that were too many are refused, and the others are answered', async () => {
  await using server = await startTestServer()
  await server.request('PATCH', `/api/v1/accounts/${server.accountId}/settings`, {
    bearer: server.adminBearer,
    body: { messaging: { requestsPerSecond: 2 } },
  })
  const jwt = await signUp(server)
  const path = `/api/account/${server.accountId}/messaging/consumer/conversation?v=3`
  const requests = Array.from({ length: 20 }, (_, index) => ({
    kind: 'req',
    id: String(index),
    type: index === 0 ? 'cm.ConsumerRequestConversation' : 'GetClock',
  }))
  const opened = await server.request('POST', path, {
    bearer: server.appToken,
    headers: { 'x-lp-on-behalf': jwt },
    body: requests,
  })
  expect(opened.status).toBe(200)
  const answers = opened.json<{ reqId: string; code: number }[]>()
  expect(answers.map(({ reqId }) => reqId)).toEqual(requests.map(({ id }) => id))
  expect(answers[0]).toMatchObject({ code: 200, body: { conversationId: expect.any(String) } })
  expect(answers.map(({ code }) => code)).toContain(429)
})

test('only an application that may act for consumers writes for one and sets attributes of its visits', async () => {
  await using server = await startTestServer()
  const { accountId, client, adminBearer } = server
  const base = `/api/account/${accountId}`
  const jwt = await signUp(server)
  const tokenOf = async (scope: string) => {
    const answer = await server.request('POST', `/sentinel${base}/app/token`, {
      body: {
        grant_type: 'client_credentials',
        client_id: client.id,
        client_secret: client.secret,
        scope,
      },
    })
    return answer.json<{ access_token: string }>().access_token
  }
  const send = (bearer: string) =>
    server.request('POST', `${base}/messaging/consumer/conversation/send?v=3`, {
      bearer,
      headers: { 'x-lp-on-behalf': jwt },
      body: { kind: 'req', id: '1', type: 'GetClock' },
    })
  const set = (bearer: string) =>
    server.request('PUT', `${base}/monitoring/visitors/v/visits/current/events?v=1&sid=s`, {
      bearer,
      body: [{ type: 'lead' }],
    })
  const reader = await tokenOf('conversation.read')
  const connector = await tokenOf('msg.consumer')

  for (const ask of [send, set]) {
    expect((await ask(reader)).status).toBe(403)
    expect((await ask(connector)).status).toBe(200)
    expect((await ask(adminBearer)).status).toBe(200)
  }
})

test('properties of a client that are null are left out', async () => {
  await using server = await startTestServer()
  const properties = { os: null, osVersion: null, features: 'AUTO_MESSAGES' }
  const path = `/api/account/${server.accountId}/messaging/consumer/conversation?v=3`
  const jwt = await signUp(server)
  const opened = await server.request('POST', path, {
    bearer: server.appToken,
    headers: { 'x-lp-on-behalf': jwt, 'client-properties': JSON.stringify(properties) },
    body: [{ kind: 'req', id: '1', type: 'cm.ConsumerRequestConversation' }],
  })
  const [answer] = opened.json<{ body: { conversationId: string } }[]>()
  await using device = await openConsumerSocket(server, { jwt })
  await device.request('cqm.SubscribeExConversations', {})
  const { conversationId } = answer!.body
  await device.until(() => device.details(conversationId) !== undefined)
  expect(device.details(conversationId).context.clientProperties).toEqual({
    type: '.ClientProperties',
    ipAddress: '127.0.0.1',
    features: ['AUTO_MESSAGES'],
  })
})

test('properties of a client that cannot be stored are refused, and the error names the header', async () => {
  await using server = await startTestServer()
  const jwt = await signUp(server)
  const path = `/api/account/${server.accountId}/messaging/consumer/conversation/send?v=3`
  const deep = `{"x":${'['.repeat(100)}${']'.repeat(100)}}`
  for (const properties of ['{"appId":"a\\u0000"}', '{"__proto__":{}}', deep, '{']) {
    const reply = await server.request('POST', path, {
      bearer: server.appToken,
      headers: { 'x-lp-on-behalf': jwt, 'client-properties': properties },
      body: { kind: 'req', id: '1', type: 'GetClock' },
    })
    expect(reply.status).toBe(400)
    expect(reply.text).toContain('Client-Properties')
  }
})

test('a socket loses of its properties only those that cannot be read or kept', async () => {
  await using server = await startTestServer()
  const features = ['MULTI_DIALOG', 'RICH_CONTENT']
  const flawed = { appId: 7, deviceFamily: { is: 'MOBILE' }, deviceModel: 'a\u0000', os: null }
  const clientProperties = { ...flawed, features, osVersion: '27' }
  await using device = await openConsumerSocket(server, { clientProperties })
  const conversationId = await device.openConversation({})
  await device.until(() => device.details(conversationId) !== undefined)
  expect(device.details(conversationId).context.clientProperties).toEqual({
    type: '.ClientProperties',
    ipAddress: '127.0.0.1',
    features,
    osVersion: '27',
  })

  const { url, accountId } = server
  const path = `/ws_api/account/${accountId}/messaging/consumer?v=3`
  await using browser = await openWireSocket(`${url.replace('http', 'ws')}${path}`)
  const { deviceModel: _refusedWithItsFrame, ...said } = clientProperties
  const headers = [
    { type: '.ams.headers.ClientProperties', ...said },
    { type: '.ams.headers.ConsumerAuthentication', jwt: device.jwt },
  ]
  expect((await browser.request('InitConnection', {}, { headers })).code).toBe(200)
  const body = { dialogId: conversationId, event: { type: 'ContentEvent', message: 'by browser' } }
  await browser.request('ms.PublishEvent', body)
  const { record } = await device.message(conversationId, ({ text }) => text === 'by browser')
  expect(record.originatorClientProperties).toMatchObject({ features, osVersion: '27' })
})
