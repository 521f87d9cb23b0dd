import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AuditEntry } from '@parley/contract'
import { expect, test } from 'vitest'
import {
  anotherScene,
  call,
  lambdasOf,
  login,
  openEventSource,
  openWireSocket,
  type Scene,
  signUp,
  startTestServer,
  type TestServer,
  PATIENT_SERVER,
} from '#testing'

const PASSWORD = 'a long pass phrase'

const base = ({ accountId }: Scene) => `/api/v1/accounts/${accountId}`

const givenClient = async (scene: Scene, scopes: string[]) => {
  const made = await call<{ clientId: string; clientSecret: string }>(scene, 'POST', 'clients', {
    name: 'reader',
    scopes,
  })
  const body = {
    grant_type: 'client_credentials',
    client_id: made.clientId,
    client_secret: made.clientSecret,
  }
  const path = `/sentinel/api/account/${scene.accountId}/app/token`
  const token = await scene.request('POST', path, { body })
  return { ...made, token: token.json<{ access_token: string }>().access_token }
}

const stream = (server: TestServer, scene: Scene, path: string, bearer: string) =>
  openEventSource(`${server.urls.at(-1)}${base(scene)}/${path}`, {
    authorization: `Bearer ${bearer}`,
  })

test('open streams end when the key, the application or the right of their reader is taken away, on another node too', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const scene = await anotherScene(server)

  const key = await call<{ keyId: string }>(scene, 'POST', 'api-keys', {
    name: 'robot',
    permissions: ['account:read', 'log:read', 'user:impersonate'],
  })
  const body = { username: scene.admin.user, ...key }
  const path = `/api/account/${scene.accountId}/login?v=1.3`
  const byKey = (await scene.request('POST', path, { body })).json<{ bearer: string }>()
  using ofKey = await stream(server, scene, 'logs/tail', byKey.bearer)

  const client = await givenClient(scene, ['conversation.read'])
  using ofClient = await stream(server, scene, 'chat-events', client.token)

  const draft = { loginName: 'reader', password: PASSWORD, role: 'agent-manager' }
  const { userId } = await call<{ userId: string }>(scene, 'POST', 'users', {
    ...draft,
    profiles: ['FaaS-Admin'],
  })
  const reader = await login(scene, { user: 'reader', password: PASSWORD })
  using ofUser = await stream(server, scene, 'logs/tail', reader.bearer)

  await call(scene, 'DELETE', `api-keys/${key.keyId}`)
  await ofKey.ended
  await call(scene, 'DELETE', `clients/${client.clientId}`)
  await ofClient.ended
  await call(scene, 'PATCH', `users/${userId}`, { profiles: [] })
  await ofUser.ended
})

test('a call that runs when its application is deleted ends as it began, and is the last one', async () => {
  const asked = Promise.withResolvers<ServerResponse>()
  const far = createServer(PATIENT_SERVER, (_, response) => asked.resolve(response)).listen(
    0,
    '127.0.0.1',
  )
  await once(far, 'listening')
  const host = `127.0.0.1:${(far.address() as AddressInfo).port}`
  await using server = await startTestServer({ env: { PARLEY_EGRESS_PRIVATE: host } })
  const scene = await anotherScene(server)
  const client = await givenClient(scene, ['faas.lambda.invoke'])
  const functionId = await lambdasOf(scene).deployed(
    `const lambda = async ({ payload }) => (await fetch('http://' + payload)).text()`,
  )
  const path = `/api/account/${scene.accountId}/lambdas/${functionId}/invoke?v=1&externalSystem=test`
  const invoke = () =>
    scene.request('POST', path, {
      bearer: client.token,
      body: { timestamp: 0, headers: [], payload: host },
    })
  const running = invoke()
  const response = await asked.promise
  await call(scene, 'DELETE', `clients/${client.clientId}`)
  expect((await invoke()).status).toBe(401)
  response.end('said late')
  const answer = await running
  expect(answer.status).toBe(200)
  expect(answer.text).toContain('said late')
  far.closeAllConnections()
  far.close()
})

test('a user has one role, which the refusal says by name', async () => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  const user = { loginName: 'twice', password: PASSWORD }
  const ask = (body: object) =>
    scene.request('POST', `${base(scene)}/users`, { bearer: scene.adminBearer, body })
  for (const role of [['agent', 'administrator'], 'agent,administrator', '', null, {}]) {
    const reply = await ask({ ...user, role })
    expect(reply.status).toBe(400)
    expect(reply.text).toContain('body.role')
  }
  // The last of two members of one name counts, as everywhere in JSON: it is one role.
  const twice = `{"loginName":"twice","password":"${PASSWORD}","role":"administrator","role":"agent"}`
  const made = await scene.request('POST', `${base(scene)}/users`, {
    bearer: scene.adminBearer,
    body: twice,
    headers: { 'content-type': 'application/json' },
  })
  expect(made.status).toBe(201)
  expect(made.json()).toMatchObject({ role: 'agent' })
})

test('a token is good only where its kind is asked for', async () => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  const consumer = await signUp(scene)
  const { bearer } = await login(scene, scene.agents[0]!)
  const caller = async (authorization: string) =>
    (await scene.request('GET', `${base(scene)}/caller`, { headers: { authorization } })).status
  expect(await caller(`Bearer ${bearer}`)).toBe(200)
  const wrong = [
    `Bearer ${consumer}`,
    `jwt ${consumer}`,
    `OAuth ${bearer}`,
    `DPoP ${bearer}`,
    `DPoP ${scene.appToken}`,
    `Basic ${Buffer.from(`${scene.admin.user}:${scene.admin.password}`).toString('base64')}`,
    `Token token="${bearer}"`,
    bearer,
    `Bearer Bearer ${bearer}`,
    `Bearer ${bearer},${bearer}`,
    'Bearer',
  ]
  for (const authorization of wrong) {
    expect([authorization, await caller(authorization)]).toEqual([authorization, 401])
  }

  const ws = `${server.url.replace('http', 'ws')}/ws_api/account/${scene.accountId}/messaging`
  for (const token of [consumer, scene.appToken]) {
    await using socket = await openWireSocket(`${ws}/brand/${token}?v=2.1`)
    expect(await socket.closed).toBe(4401)
  }
  const history = `/messaging_history/api/account/${scene.accountId}/conversations/search`
  const asConsumer = await scene.request('POST', history, { bearer: consumer, body: {} })
  expect(asConsumer.status).toBe(401)
})

test('forwarded addresses count only from trusted proxies, and only what these have added', async () => {
  await using open = await startTestServer()
  await using behind = await startTestServer({
    env: { PARLEY_TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' },
  })
  const addressOf = async (server: TestServer, headers: Record<string, string>) => {
    const scene = await anotherScene(server)
    const body = { name: 'from somewhere' }
    const bearer = scene.adminBearer
    const made = await scene.request('POST', `${base(scene)}/skills`, { bearer, body, headers })
    expect(made.status).toBe(201)
    const path = 'audit?action=skill.created&limit=500'
    const { entries } = await call<{ entries: AuditEntry[] }>(scene, 'GET', path)
    return entries.find(({ details }) => details['name'] === body.name)?.address
  }
  const lies = {
    'x-forwarded-for': '203.0.113.1',
    'x-real-ip': '203.0.113.2',
    forwarded: 'for=203.0.113.3',
    'x-client-ip': '203.0.113.4',
    'cf-connecting-ip': '203.0.113.5',
    'true-client-ip': '203.0.113.6',
  }
  expect(await addressOf(open, lies)).toBe('127.0.0.1')
  const { 'x-forwarded-for': _one, ...others } = lies
  expect(await addressOf(behind, others)).toBe('127.0.0.1')
  for (const [sent, found] of [
    ['203.0.113.1', '203.0.113.1'],
    // What the client itself has sent stands before what the proxies have added.
    ['203.0.113.1, 198.51.100.7', '198.51.100.7'],
    ['203.0.113.1, 198.51.100.7, 10.1.2.3', '198.51.100.7'],
    ['203.0.113.1, no-address', '127.0.0.1'],
    ['203.0.113.1,', '127.0.0.1'],
    ["127.0.0.1'; drop table audit_entry; --", '127.0.0.1'],
  ] as const) {
    expect([sent, await addressOf(behind, { 'x-forwarded-for': sent })]).toEqual([sent, found])
  }
})

test('cookies of another account open nothing and vouch for nobody', async () => {
  await using server = await startTestServer()
  const [one, another] = [await anotherScene(server), await anotherScene(server)]
  const { user, password } = another.admin
  const opened = await another.request('POST', `/api/account/${another.accountId}/login?v=1.3`, {
    body: { username: user, password },
  })
  const { csrf } = opened.json<{ csrf: string }>()
  const cookie = [opened.headers['set-cookie'] ?? []]
    .flat()
    .map((set) => set.split(';')[0])
    .join('; ')
  const headers = { cookie }
  expect(cookie).toContain('session_id=')
  expect(cookie).toContain('parley_device=')
  for (const what of ['refresh', 'logout']) {
    const path = `/api/account/${one.accountId}/${what}`
    expect((await one.request('POST', path, { headers, body: { csrf } })).status).toBe(401)
  }
  expect((await one.request('GET', `${base(one)}/caller`, { headers })).status).toBe(401)

  // Its device is none of this account: strangers who guess keep a browser with it out.
  const logIn = (wrong: boolean) =>
    one.request('POST', `${base(one)}/sessions`, {
      headers,
      body: {
        loginName: one.admin.user,
        password: wrong ? 'a wrong password' : one.admin.password,
      },
    })
  for (let n = 0; n < 10; n++) expect((await logIn(true)).status).toBe(401)
  expect((await logIn(false)).status).toBe(429)
  // The session itself lives on in its account.
  const kept = await another.request('POST', `/api/account/${another.accountId}/refresh`, {
    headers,
    body: { csrf },
  })
  expect(kept.status).toBe(200)
})
