import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, call, type Scene, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

interface Client {
  clientId: string
  clientSecret: string
}

const CALLBACK = 'https://app.example.com/callback'
const FOR_USERS = {
  name: 'Portal',
  grantTypes: ['authorization_code'],
  redirectUris: [CALLBACK],
}

const create = (scene: Scene, body: object) =>
  scene.request('POST', `/api/v1/accounts/${scene.accountId}/clients`, {
    bearer: scene.adminBearer,
    body,
  })

function askForToken(scene: Scene, { clientId, clientSecret }: Client) {
  const grant = { grant_type: 'client_credentials', client_id: clientId }
  return scene.request('POST', `/sentinel/api/account/${scene.accountId}/app/token`, {
    body: { ...grant, client_secret: clientSecret },
  })
}

test('an application shows its grant types and redirect URIs, which default to what it was before', async () => {
  const scene = await anotherScene(server)

  const made = await create(scene, FOR_USERS)
  const plain = await create(scene, { name: 'Plain' })

  expect([made.status, made.json()]).toEqual([201, expect.objectContaining(FOR_USERS)])
  const before = { grantTypes: ['client_credentials'], redirectUris: [] }
  expect(plain.json()).toMatchObject(before)
  const { clients } = await call<{ clients: object[] }>(scene, 'GET', 'clients')
  expect(clients).toContainEqual(expect.objectContaining(FOR_USERS))
})

test.each([
  ['no address for the grant type', { redirectUris: [] }, 'body.redirectUris: must name'],
  [
    'an address without the grant type',
    { grantTypes: ['client_credentials'] },
    'body.redirectUris: go',
  ],
  ['an unknown grant type', { grantTypes: ['password'] }, 'body.grantTypes.0'],
  ['no grant type', { grantTypes: [] }, 'body.grantTypes'],
  ['a grant type twice', { grantTypes: ['authorization_code', 'authorization_code'] }, 'twice'],
  ['an address twice', { redirectUris: [CALLBACK, CALLBACK] }, 'body.redirectUris'],
  [
    '21 addresses',
    { redirectUris: Array.from({ length: 21 }, (_, n) => `${CALLBACK}/${n}`) },
    'body.redirectUris',
  ],
  ['plain HTTP', { redirectUris: ['http://app.example.com/callback'] }, 'body.redirectUris.0'],
  ['a script', { redirectUris: ['javascript:alert(1)'] }, 'body.redirectUris.0'],
  ['data', { redirectUris: ['data:text/html,x'] }, 'body.redirectUris.0'],
  ['a fragment', { redirectUris: [`${CALLBACK}#a`] }, 'body.redirectUris.0'],
  ['a password', { redirectUris: ['https://a:b@app.example.com/'] }, 'body.redirectUris.0'],
  ['a relative address', { redirectUris: ['/callback'] }, 'body.redirectUris.0'],
  ['steps upwards', { redirectUris: ['https://app.example.com/a/../b'] }, 'body.redirectUris.0'],
  ['a back slash', { redirectUris: ['https:\\\\app.example.com'] }, 'body.redirectUris.0'],
  ['a line break', { redirectUris: [`${CALLBACK}\n`] }, 'body.redirectUris.0'],
  [
    'an address that is too long',
    { redirectUris: [`${CALLBACK}?${'x'.repeat(2048)}`] },
    'body.redirectUris.0',
  ],
  ['a member that is not known', { redirect_uris: [CALLBACK] }, 'body.redirect_uris'],
])('an application with %s is refused', async (_what, member, named) => {
  const scene = await anotherScene(server)

  const { status, text } = await create(scene, { ...FOR_USERS, ...member })

  expect(status).toBe(400)
  expect(text).toContain(named)
})

test.each([
  'https://app.example.com',
  'https://app.example.com/?a=b&c=d',
  'http://localhost:4000/cb',
  'http://127.0.0.1:4000/cb',
  'http://[::1]:4000/cb',
])('a browser may be sent to %s', async (uri) => {
  const scene = await anotherScene(server)

  const { status } = await create(scene, { ...FOR_USERS, redirectUris: [uri] })

  expect(status).toBe(201)
})

test('an administrator changes both together, and neither so that they no longer fit', async () => {
  const scene = await anotherScene(server)
  const { clientId } = (await create(scene, FOR_USERS)).json<Client>()
  const change = (body: object) =>
    scene.request('PATCH', `/api/v1/accounts/${scene.accountId}/clients/${clientId}`, {
      bearer: scene.adminBearer,
      body,
    })

  const other = 'https://app.example.com/other'
  expect((await change({ redirectUris: [other] })).json()).toMatchObject({ redirectUris: [other] })
  expect((await change({ redirectUris: [] })).status).toBe(400)
  expect((await change({ grantTypes: ['client_credentials'] })).status).toBe(400)
  const neither = { grantTypes: ['client_credentials'], redirectUris: [] }
  expect((await change(neither)).json()).toMatchObject(neither)
})

test('an application for users only gets no token and logs no bot in by its secret', async () => {
  const scene = await anotherScene(server)
  await call(scene, 'POST', 'users', {
    loginName: 'bot',
    password: 'a long pass phrase',
    kind: 'bot',
    role: 'agent',
  })
  const client = (await create(scene, FOR_USERS)).json<Client>()
  const login = () =>
    scene.request('POST', `/api/account/${scene.accountId}/login`, {
      body: { username: 'bot', appKey: client.clientId, secret: client.clientSecret },
    })

  const refused = await askForToken(scene, client)
  expect([refused.status, refused.json()]).toEqual([
    400,
    expect.objectContaining({ error: 'unauthorized_client' }),
  ])
  expect((await login()).status).toBe(401)

  await call(scene, 'PATCH', `clients/${client.clientId}`, {
    grantTypes: ['client_credentials', 'authorization_code'],
  })
  const token = await askForToken(scene, client)
  expect([token.status, (await login()).status]).toEqual([200, 200])

  await call(scene, 'PATCH', `clients/${client.clientId}`, { grantTypes: ['authorization_code'] })
  const me = `/api/v1/accounts/${scene.accountId}/caller`
  const { access_token: bearer } = token.json<{ access_token: string }>()
  expect((await scene.request('GET', me, { bearer })).status).toBe(401)
})
