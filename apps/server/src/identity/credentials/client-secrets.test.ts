import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, call, type Scene, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2, env: { PARLEY_EGRESS_PRIVATE: '127.0.0.1:8080' } })
})
afterAll(() => server[Symbol.asyncDispose]())

interface Client {
  clientId: string
  clientSecret: string
  webhook?: { url: string; events: string[] }
}
interface Renewed {
  clientId: string
  clientSecret: string
  oldSecretsUntil?: string
}

const HOUR_MS = 3_600_000
const EVENTS = ['ms.MessagingEventNotification', 'cqm.ExConversationChangeNotification']
const WEBHOOK = { url: 'https://hooks.example.com/parley?key=k', events: EVENTS }

function givenClient(scene: Scene, more: object = {}): Promise<Client> {
  return call<Client>(scene, 'POST', 'clients', {
    name: 'Bridge',
    scopes: ['msg.consumer'],
    ...more,
  })
}

/** The statuses by which a secret is answered: for a token, and to log in a bot. */
async function answers(scene: Scene, clientId: string, secret: string): Promise<number[]> {
  const grant = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret }
  const token = await scene.request('POST', `/sentinel/api/account/${scene.accountId}/app/token`, {
    body: grant,
  })
  const login = await scene.request('POST', `/api/account/${scene.accountId}/login`, {
    body: { username: 'bot', appKey: clientId, secret },
  })
  return [token.status, login.status]
}

const native = (scene: Scene, path: string) => `/api/v1/accounts/${scene.accountId}/${path}`

test('a new secret is accepted at once, the old one for 24 hours more', async () => {
  const scene = await anotherScene(server)
  await call(scene, 'POST', 'users', {
    loginName: 'bot',
    password: 'a long pass phrase',
    kind: 'bot',
    role: 'agent',
  })
  const made = await givenClient(scene)

  const renewed = await call<Renewed>(scene, 'POST', `clients/${made.clientId}/secret`)

  expect(renewed.clientSecret).not.toBe(made.clientSecret)
  const until = new Date(server.clock.now() + 24 * HOUR_MS).toISOString()
  expect(renewed).toMatchObject({ clientId: made.clientId, oldSecretsUntil: until })
  const both = () =>
    Promise.all(
      [made, renewed].map(({ clientSecret }) => answers(scene, made.clientId, clientSecret)),
    )
  expect(await both()).toEqual([
    [200, 200],
    [200, 200],
  ])
  await server.clock.advance(24 * HOUR_MS - 1)
  expect((await both()).map(([token]) => token)).toEqual([200, 200])
  await server.clock.advance(1)
  expect((await both()).map(([token]) => token)).toEqual([401, 200])
})

test('a lost answer costs nothing: each replaced secret keeps its 24 hours, five at most', async () => {
  const scene = await anotherScene(server)
  const { clientId, clientSecret } = await givenClient(scene)
  const secrets = [clientSecret]
  for (let count = 0; count < 5; count++) {
    const renewed = await call<Renewed>(scene, 'POST', `clients/${clientId}/secret`, {})
    secrets.push(renewed.clientSecret)
  }

  const sixth = await scene.request('POST', native(scene, `clients/${clientId}/secret`), {
    bearer: scene.adminBearer,
    body: {},
  })

  expect(sixth.status).toBe(409)
  const tokens = () =>
    Promise.all(secrets.map(async (secret) => (await answers(scene, clientId, secret))[0]))
  expect(await tokens()).toEqual([200, 200, 200, 200, 200, 200])
  const revoking = await call<Renewed>(scene, 'POST', `clients/${clientId}/secret`, {
    revoke: true,
  })
  expect(revoking).not.toHaveProperty('oldSecretsUntil')
  expect(await tokens()).toEqual([401, 401, 401, 401, 401, 401])
  expect((await answers(scene, clientId, revoking.clientSecret))[0]).toBe(200)
})

test('secrets are sealed in the database, and the audit does not show them', async () => {
  const scene = await anotherScene(server)
  const { clientId, clientSecret } = await givenClient(scene, { webhook: WEBHOOK })
  const { clientSecret: fresh } = await call<Renewed>(scene, 'POST', `clients/${clientId}/secret`)

  const { db } = server.context.store
  const row = await db
    .selectFrom('oauthClient')
    .selectAll()
    .where('clientId', '=', clientId)
    .executeTakeFirstOrThrow()
  const audit = await scene.request('GET', native(scene, 'audit'), { bearer: scene.adminBearer })

  expect(row.secretBox).toMatch(/^v1\./)
  for (const text of [JSON.stringify(row), audit.text]) {
    expect(text).not.toContain(clientSecret)
    expect(text).not.toContain(fresh)
  }
  expect(audit.text).toContain('client.secret-renewed')
  expect(audit.text).not.toContain('key=k')
})

test('an application shows the webhook that it was given, until it is taken away', async () => {
  const scene = await anotherScene(server)
  const { clientId, webhook } = await givenClient(scene, { webhook: WEBHOOK })
  const plain = await givenClient(scene)
  const change = (body: object) => call<Client>(scene, 'PATCH', `clients/${clientId}`, body)
  const listed = async () => {
    const { clients } = await call<{ clients: Client[] }>(scene, 'GET', 'clients')
    return clients.find((client) => client.clientId === clientId)?.webhook
  }

  expect(webhook).toEqual(WEBHOOK)
  expect(plain).not.toHaveProperty('webhook')
  expect((await change({ name: 'Other' })).webhook).toEqual(WEBHOOK)
  const other = { url: 'http://127.0.0.1:8080/', events: EVENTS.slice(0, 1) }
  expect((await change({ webhook: other })).webhook).toEqual(other)
  expect(await listed()).toEqual(other)
  expect(await change({ webhook: null })).not.toHaveProperty('webhook')
  expect(await listed()).toBeUndefined()
})

test.each([
  ['an address of the private network', { url: 'https://10.1.2.3/' }, 'webhook.url'],
  ['an address of this machine', { url: 'https://127.0.0.1:9/' }, 'webhook.url'],
  ['an address of this machine as a number', { url: 'https://2130706433/' }, 'webhook.url'],
  ['an address of this machine in IPv6', { url: 'https://[::1]/' }, 'webhook.url'],
  ['the address of the metadata of clouds', { url: 'https://169.254.169.254/' }, 'webhook.url'],
  ['a call in clear', { url: 'http://hooks.example.com/' }, 'webhook.url'],
  ['another scheme', { url: 'ftp://hooks.example.com/' }, 'webhook.url'],
  ['a user name', { url: 'https://a:b@hooks.example.com/' }, 'webhook.url'],
  ['a fragment', { url: 'https://hooks.example.com/#x' }, 'webhook.url'],
  ['no address', { url: 'hooks' }, 'webhook.url'],
  ['a long address', { url: `https://hooks.example.com/${'x'.repeat(2048)}` }, 'webhook.url'],
  ['no events', { events: [] }, 'webhook.events'],
  ['an unknown event', { events: ['ms.Everything'] }, 'webhook.events'],
  ['an event twice', { events: [EVENTS[0], EVENTS[0]] }, 'webhook.events'],
  ['an unknown member', { secret: 'x' }, 'webhook'],
])('a webhook with %s is refused, and the member named', async (_what, more, member) => {
  const scene = await anotherScene(server)
  const { clientId } = await givenClient(scene)
  const webhook = { ...WEBHOOK, ...more }
  for (const [method, path, body] of [
    ['POST', 'clients', { name: 'x', scopes: ['msg.consumer'], webhook }],
    ['PATCH', `clients/${clientId}`, { webhook }],
  ] as const) {
    const refused = await scene.request(method, native(scene, path), {
      bearer: scene.adminBearer,
      body,
    })
    expect(refused.status).toBe(400)
    expect(refused.json()).toMatchObject({
      error: { details: [{ path: expect.stringMatching(`^body\\.${member}`) }] },
    })
  }
})

test('an application without the scope for consumers gets no webhook', async () => {
  const scene = await anotherScene(server)
  const refused = await scene.request('POST', native(scene, 'clients'), {
    bearer: scene.adminBearer,
    body: { name: 'x', scopes: ['faas.lambda.invoke'], webhook: WEBHOOK },
  })

  expect(refused.status).toBe(400)
  expect(refused.text).toContain('msg.consumer')
})

test('an application of version 0.1.0 goes on, and gets a webhook only with a new secret', async () => {
  const scene = await anotherScene(server)
  const { clientId, clientSecret } = await givenClient(scene)
  const { db } = server.context.store
  await db
    .updateTable('oauthClient')
    .set({ secretBox: null })
    .where('clientId', '=', clientId)
    .execute()
  for (const { credentials } of server.contexts) credentials.changed(scene.accountId)
  const patch = () =>
    scene.request('PATCH', native(scene, `clients/${clientId}`), {
      bearer: scene.adminBearer,
      body: { webhook: WEBHOOK },
    })

  expect((await answers(scene, clientId, clientSecret))[0]).toBe(200)
  const refused = await patch()
  expect(refused.status).toBe(409)
  expect(refused.text).toContain('/secret')
  await call(scene, 'POST', `clients/${clientId}/secret`, {})
  expect((await patch()).json()).toMatchObject({ webhook: WEBHOOK })
  expect((await answers(scene, clientId, clientSecret))[0]).toBe(200)
})

test('nobody gets more rights, or hears more, by an application than by himself', async () => {
  const scene = await anotherScene(server)
  const bearer = await narrowSession(scene)
  const { clientId } = await givenClient(scene)
  const reader = await givenClient(scene, { scopes: ['conversation.read'] })
  const tried = async (method: string, path: string, body: object) =>
    (await scene.request(method, native(scene, path), { bearer, body })).status

  expect(await tried('PATCH', `clients/${clientId}`, { name: 'mine' })).toBe(200)
  expect(await tried('PATCH', `clients/${clientId}`, { webhook: WEBHOOK })).toBe(403)
  expect(await tried('POST', `clients/${clientId}/secret`, {})).toBe(403)
  expect(await tried('POST', `clients/${reader.clientId}/secret`, {})).toBe(403)
  const missing = await scene.request('POST', native(scene, 'clients/none/secret'), {
    bearer: scene.adminBearer,
    body: {},
  })
  expect(missing.status).toBe(404)
})

test('nobody speaks for consumers by an issuer who may not by himself', async () => {
  const scene = await anotherScene(server)
  const bearer = await narrowSession(scene)
  const { publicKey } = generateKeyPairSync('ed25519')
  const body = { issuer: 'https://id.example.com', keys: [publicKey.export({ format: 'jwk' })] }
  const trust = (by: string) =>
    scene.request('POST', native(scene, 'issuers'), { bearer: by, body })

  const refused = await trust(bearer)

  expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('msg.consumer')])
  expect(await call(scene, 'GET', 'issuers')).toEqual({ issuers: [] })
  expect((await trust(scene.adminBearer)).status).toBe(201)
})

/** The administrator, by a key that may administer only: it has no right to conversations. */
async function narrowSession(scene: Scene): Promise<string> {
  const { appKey, secret, accessToken, accessTokenSecret } = await call<Record<string, string>>(
    scene,
    'POST',
    'api-keys',
    { name: 'narrow', permissions: ['user:impersonate', 'account:write', 'account:read'] },
  )
  const login = await scene.request('POST', `/api/account/${scene.accountId}/login`, {
    body: { username: scene.admin.user, appKey, secret, accessToken, accessTokenSecret },
  })
  return login.json<{ bearer: string }>().bearer
}
