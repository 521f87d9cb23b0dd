import type { AuditEntry, OperatorEntry } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  call,
  lambdasOf,
  openConsumerSocket,
  openEventSource,
  openWireSocket,
  startTestServer,
  type TestServer,
  twoNodeAccount,
} from '#testing'
import { asOperator, WITH_OPERATOR } from './operator.fixture.ts'

// Two nodes: what one suspends, the other refuses.

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2, env: WITH_OPERATOR })
})
afterAll(() => server[Symbol.asyncDispose]())

const MINUTE_MS = 60_000

function operator() {
  const ask = asOperator(server)
  return {
    suspend: (accountId: string, body: object = {}) =>
      ask('PUT', `accounts/${accountId}/suspension`, body),
    resume: (accountId: string) => ask('DELETE', `accounts/${accountId}/suspension`),
  }
}

/** Asks a node; with JSON where there is a body. */
async function askNode(
  url: string,
  method: string,
  path: string,
  { bearer, body, headers }: { bearer?: string; body?: object; headers?: object } = {},
) {
  const reply = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: reply.status, text: await reply.text() }
}

test('on every node, those who prove who they are hear of the suspension, strangers of an unknown account', async () => {
  const account = await server.anotherAccount()
  const { accountId, admin, client, adminBearer, appToken } = account
  const id = await lambdasOf({ ...server, ...account }).deployed(
    'function lambda(input, callback) { callback(null, 1) }',
  )
  const signedUp = await server.request('POST', `/api/account/${accountId}/signup`)
  const consumerJwt = signedUp.json<{ jwt: string }>().jwt
  const native = `/api/v1/accounts/${accountId}`
  const invocation = `/api/account/${accountId}/lambdas/${id}/invoke?v=1&externalSystem=t`
  const secret = { client_id: client.id, client_secret: client.secret }
  const grant = { grant_type: 'client_credentials' }
  const scene = { ...server, ...account }
  const { apiKey } = await call<{ apiKey: string }>(scene, 'GET', 'context-store/key')
  const chat = { skillId: '1001', name: 'Ada', token: 'c'.repeat(43) }
  const begun = await server.request('POST', `${native}/consumer/chats`, { body: chat })
  const { chatId } = begun.json<{ chat: { chatId: string } }>().chat
  const hours = `/api/account/${accountId}/skills/1001/shift-status-skill`
  const known: [string, string, Parameters<typeof askNode>[3]?][] = [
    ['GET', `${native}/caller`, { bearer: adminBearer }],
    ['GET', `/v1/account/${accountId}`, { headers: { 'maven-api-key': apiKey } }],
    ['GET', hours, { bearer: consumerJwt }],
    ['GET', `${native}/consumer/chats/${chatId}`, { bearer: chat.token }],
    ['GET', `${native}/functions`, { bearer: appToken }],
    ['POST', invocation, { bearer: appToken, body: { payload: {}, headers: [] } }],
    ['POST', `${native}/sessions`, { body: { loginName: admin.user, password: admin.password } }],
    [
      'POST',
      `/api/account/${accountId}/login?v=1.3`,
      { body: { username: admin.user, password: admin.password } },
    ],
    ['POST', `/sentinel/api/account/${accountId}/app/token`, { body: { ...grant, ...secret } }],
  ]
  const strange = (id: string): [string, string, Parameters<typeof askNode>[3]?][] => [
    ['GET', `/api/v1/accounts/${id}/caller`],
    ['GET', `/api/v1/accounts/${id}/caller`, { bearer: 'x'.repeat(43) }],
    ['POST', `/api/v1/accounts/${id}/sessions`, { body: { loginName: 'a', password: 'b' } }],
    ['POST', `/api/account/${id}/login?v=1.3`, { body: { username: 'a', password: 'b' } }],
    [
      'POST',
      `/sentinel/api/account/${id}/app/token`,
      { body: { ...grant, client_id: 'a', client_secret: 'b' } },
    ],
    [
      'POST',
      `/sentinel/api/account/${id}/token`,
      { body: { grant_type: 'refresh_token', client_id: 'a', client_secret: 'b' } },
    ],
    ['GET', `/sentinel/api/account/${id}/authorize?client_id=a`],
    ['GET', `/sentinel/api/account/${id}/authorize/a`],
    ['GET', `/sentinel/api/account/${id}/interaction/a`],
    ['GET', `/sentinel/api/account/${id}/.well-known/openid-configuration`],
    ['POST', `/api/v1/accounts/${id}/invitation`, { body: { token: 'a' } }],
    ['POST', `/api/account/${id}/authenticate`, { body: { authCode: 'a' } }],
    ['POST', `/api/account/${id}/signup`],
    ['POST', `/api/account/${id}/anonymous/authorize`],
    ['GET', `/sentinel/api/account/${id}/jwks.json`],
    ['GET', `/api/account/${id}/service/baseURI.json?version=1.0`],
    ['GET', `/api/v1/accounts/${id}/consumer/page`],
    ['GET', `/consumer/${id}`],
    ['POST', `/api/v1/accounts/${id}/consumer/chats`, { body: { skillId: '1001', name: 'Ada' } }],
    ['GET', `/v1/AUTH_async-images/${id}/a.png`],
    ['GET', `/v1/account/${id}`, { headers: { 'maven-api-key': 'x' } }],
    ['GET', `/api/account/${id}/skills/1001/shift-status-skill`, { bearer: 'x' }],
    ['GET', `/api/v1/accounts/${id}/consumer/chats/a/events?token=x`],
  ]
  for (const [method, path, sent] of known) {
    const { status } = await askNode(server.urls[1]!, method, path, sent)
    expect([path, status < 300]).toEqual([path, true])
  }
  expect((await operator().suspend(accountId)).status).toBe(200)
  // The other node reads what has changed once it was notified.
  const isRefused = async () => (await askNode(server.urls[1]!, ...known[0]!)).status === 403
  await expect.poll(isRefused).toBe(true)
  for (const url of server.urls) {
    const stream: (typeof known)[number] = [
      'GET',
      `${native}/consumer/chats/${chatId}/events?token=${chat.token}`,
    ]
    for (const [method, path, sent] of [...known, stream]) {
      const { status, text } = await askNode(url, method, path, sent)
      expect([path, status]).toEqual([path, 403])
      expect(text).toContain('is suspended')
    }
    const unknown = strange('no_such_account')
    for (const [at, [method, path, sent]] of strange(accountId).entries()) {
      const mine = await askNode(url, method, path, sent)
      const [, otherPath, otherSent] = unknown[at]!
      const theirs = await askNode(url, method, otherPath, otherSent)
      const told = { path, status: mine.status, text: mine.text.replaceAll(accountId, '…') }
      expect({ ...told, path }).toEqual({
        path,
        status: theirs.status,
        text: theirs.text.replaceAll('no_such_account', '…'),
      })
      expect(mine.text).not.toContain('suspended')
    }
    const refused = await openWireSocket(
      `${url.replace('http', 'ws')}/ws_api/account/${accountId}/messaging/consumer`,
      { authorization: `jwt ${consumerJwt}` },
    ).then(
      () => 'opened',
      (error: Error) => error.message,
    )
    expect(refused).toContain('403')
  }
  expect((await operator().resume(accountId)).status).toBe(200)
  for (const url of server.urls) {
    for (const [method, path, sent] of known) {
      const answered = async () => (await askNode(url, method, path, sent)).status < 300
      await expect.poll(answered).toBe(true)
    }
  }
})

test('open sockets and event streams of both nodes are closed with the reason', async () => {
  const on = await twoNodeAccount(server)
  const { accountId, account } = on
  await using consumer = await on.newConsumer()
  await using agent = await on.newAgent()
  const streamPath = `/api/v1/accounts/${accountId}/chat-events`
  using stream = await openEventSource(`${server.urls[1]}${streamPath}`, {
    authorization: `Bearer ${account.adminBearer}`,
  })
  await operator().suspend(accountId)
  const reason = `The account "${accountId}" is suspended; ask the operator of this server`
  for (const [socket, code] of [
    // Its token is as good as before once the account is resumed.
    [consumer, 1013],
    [agent, 4401],
  ] as const) {
    expect(await socket.closed).toBe(code)
    expect(socket.closeReason()).toBe(reason)
  }
  const said = await stream.until(({ event }) => event === 'suspended')
  expect(said.json).toEqual({ message: reason })
  await stream.ended
  await operator().resume(accountId)
  const signUp = `/api/account/${accountId}/signup`
  const isBack = async () => (await askNode(on.there.url, 'POST', signUp)).status < 300
  await expect.poll(isBack).toBe(true)
  await using again = await openConsumerSocket(on.there)
  expect(await again.openConversation({ skillId: '1001' })).toEqual(expect.any(String))
})

test('timers rest while an account is suspended, and go on afterwards', async () => {
  const account = await server.anotherAccount()
  const scene = { ...server, ...account, clock: server.clock }
  const id = await lambdasOf(scene).deployed(
    'function lambda(input, callback) { callback(null, 1) }',
    { name: 'ticking' },
  )
  await call(scene, 'POST', 'schedules', { functionId: id, cronExpression: '*/5 * * * *' })
  const runs = async () =>
    (await call<{ invocations: object[] }>(scene, 'GET', 'invocations')).invocations.length
  await server.clock.advance(6 * MINUTE_MS)
  await expect.poll(runs).toBe(1)

  await operator().suspend(account.accountId, { reason: 'unpaid' })
  await server.clock.advance(60 * MINUTE_MS)
  const { db } = server.context.store
  const rows = await db
    .selectFrom('timer')
    .select(['starts', 'failures'])
    .where('accountId', '=', account.accountId)
    .execute()
  expect(rows).toEqual([{ starts: 0, failures: 0 }])
  const letters = db.selectFrom('deadLetter').where('accountId', '=', account.accountId)
  expect(await letters.selectAll().execute()).toEqual([])

  await operator().resume(account.accountId)
  await server.clock.advance(6 * MINUTE_MS)
  await expect.poll(runs).toBeGreaterThan(1)
  const { entries } = await call<{ entries: AuditEntry[] }>(scene, 'GET', 'audit?actor=operator')
  expect(entries.map(({ action, details }) => [action, details])).toEqual([
    ['account.resumed', {}],
    ['account.suspended', { reason: 'unpaid' }],
  ])
  const own = await asOperator(server)('GET', `entries?accountId=${account.accountId}`)
  expect(own.json<{ entries: OperatorEntry[] }>().entries).toHaveLength(2)
})

test('an event whose function fails while its account is suspended is handled after it is resumed', async () => {
  const account = await server.anotherAccount()
  const scene = { ...server, ...account, clock: server.clock }
  await lambdasOf(scene).deployed(
    `let waited = false
    function lambda(input, callback) {
      setTimeout(() => callback(null, [{ type: 'systemMessage', text: 'for you' }]), waited ? 0 : 3000)
      waited = true
    }`,
    { eventId: 'controllerbot_messaging_new_conversation' },
  )
  await using consumer = await openConsumerSocket({ url: server.url, accountId: account.accountId })
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await operator().suspend(account.accountId)
  const rows = async () =>
    server.context.store.db
      .selectFrom('outbox')
      .select(['failures'])
      .where('accountId', '=', account.accountId)
      .where('leasedBy', 'is not', null)
      .execute()
  await expect.poll(rows).toEqual([])
  await server.clock.advance(10 * MINUTE_MS)
  await operator().resume(account.accountId)
  await server.clock.advance(0)
  const texts = async () => {
    const found = await server.context.store.db
      .selectFrom('message')
      .select('body')
      .where('accountId', '=', account.accountId)
      .where('conversationId', '=', conversationId)
      .execute()
    return JSON.stringify(found).split('for you').length - 1
  }
  await expect.poll(texts).toBe(1)
})

test('suspending or resuming again changes nothing, and an unknown account is 404', async () => {
  const { accountId } = await server.anotherAccount()
  const { suspend, resume } = operator()
  expect((await suspend(accountId)).json()).toMatchObject({ state: 'suspended' })
  expect((await suspend(accountId)).json()).toMatchObject({ state: 'suspended' })
  expect((await resume(accountId)).json()).toMatchObject({ state: 'active' })
  expect((await resume(accountId)).json()).toMatchObject({ state: 'active' })
  const own = await asOperator(server)('GET', `entries?accountId=${accountId}`)
  expect(own.json<{ entries: OperatorEntry[] }>().entries).toHaveLength(2)
  expect((await suspend('no_such')).status).toBe(404)
  expect((await resume('no_such')).status).toBe(404)
  expect((await suspend(accountId, { reason: 'x'.repeat(1001) })).status).toBe(400)
})
