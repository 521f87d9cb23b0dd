import { afterAll, expect, test } from 'vitest'
import { openAgentSocket, startTestServer } from '#testing'

const server = await startTestServer()
afterAll(() => server[Symbol.asyncDispose]())

interface LoggedIn {
  csrf: string
  bearer: string
  sessionId: string
  config: { userId: string; userPid: string; loginName: string }
}

const path = (operation: string, accountId = server.accountId) =>
  `/api/account/${accountId}/${operation}`

const login = (body: unknown, accountId?: string) =>
  server.request('POST', `${path('login', accountId)}?v=1.3`, { body })

const callerOf = (bearer: string, accountId = server.accountId) =>
  server.request('GET', `/api/v1/accounts/${accountId}/caller`, { bearer })

const refresh = (sessionId: string, csrf: string) =>
  server.request('POST', path('refresh'), {
    body: { csrf },
    headers: { cookie: `other=1; session_id=${sessionId}` },
  })

test('the answer to a login has what both published clients read, and a bearer that fits into a path', async () => {
  const { user, password } = server.agents[0]

  const reply = await login({ username: user.toUpperCase(), password })

  const session = reply.json<LoggedIn>()
  expect(reply.status).toBe(200)
  expect(session.config).toEqual({
    userId: expect.stringMatching(/^\d+$/),
    userPid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    loginName: user,
  })
  expect(session.bearer).toMatch(/^[\w-]{30,}$/)
  expect(String(reply.headers['set-cookie'])).toContain(`session_id=${session.sessionId}`)
  const caller = await callerOf(session.bearer)
  expect(caller.json()).toMatchObject({ kind: 'user', id: session.config.userId })
})

test('wrong and missing credentials have different statuses, and errors that both clients read', async () => {
  const wrong = await login({ username: server.admin.user, password: 'wrong password' })
  const nobody = await login({ username: 'nobody', password: 'wrong password' })
  const missing = await login({ username: server.admin.user })
  const saml = await login({ jwt: 'dummy', assertion: 'PHNhbWw+' })
  const elsewhere = await login({ username: 'a', password: 'b' }, 'nowhere')

  expect([wrong, nobody, missing, saml, elsewhere].map(({ status }) => status)).toEqual([
    401, 401, 400, 401, 404,
  ])
  expect(wrong.json()).toEqual(nobody.json())
  expect(wrong.json()).toMatchObject({ error: expect.any(String), internalCode: 401 })
  expect(missing.json<{ errorMsg: string }>().errorMsg).toContain('password')
})

const native = (method: string, path: string, body?: unknown) =>
  server.request(method, `/api/v1/accounts/${server.accountId}/${path}`, {
    bearer: server.adminBearer,
    ...(body !== undefined && { body }),
  })

const BOT = 'bot@example.org'
const makeBot = () =>
  native('POST', 'users', { loginName: BOT, kind: 'bot', role: 'agent-manager' })

test('bots log in with the four values of an API key, or with an OAuth2 application in its place', async () => {
  await makeBot()
  const { appKey, secret, accessToken, accessTokenSecret } = server.apiKey
  const key = { username: BOT, appKey, secret, accessToken, accessTokenSecret }
  const client = {
    ...key,
    appKey: server.client.id,
    secret: server.client.secret,
    accessToken: 'dummy',
  }

  const byKey = await login(key)
  const byClient = await login(client)
  const wrong = await login({ ...key, accessTokenSecret: 'another' })

  expect([byKey.status, byClient.status, wrong.status]).toEqual([200, 200, 401])
  expect(byKey.json<LoggedIn>().config.loginName).toBe(BOT)
})

test('a key logs in no bot with more permissions than agents, their managers and the key have', async () => {
  await makeBot()
  const weak = (
    await native('POST', 'api-keys', { name: 'bots', permissions: ['function:invoke'] })
  ).json<{ appKey: string }>()
  const strong = { loginName: 'strong-bot', kind: 'bot', role: 'administrator' }
  await native('POST', 'users', strong)

  expect((await login({ username: BOT, ...weak })).status).toBe(200)
  const refused = await login({ username: strong.loginName, ...weak })
  expect([refused.status, refused.text.includes('account:write')]).toEqual([403, true])
})

test('a key logs in people only with a right of its own, within the rights of both, and under both names', async () => {
  const username = server.agents[0].user
  const made = (await native('POST', 'api-keys', { name: 'crm' })).json<{
    keyId: string
    appKey: string
  }>()
  const client = (
    await native('POST', 'clients', { name: 'crm', scopes: ['account.read', 'user.impersonate'] })
  ).json<{ clientId: string; clientSecret: string }>()

  const without = await login({ username, ...made })
  expect([without.status, without.text.includes('user:impersonate')]).toEqual([403, true])

  const permissions = ['user:impersonate', 'account:read', 'account:write']
  expect((await native('PATCH', `api-keys/${made.keyId}`, { permissions })).status).toBe(200)
  const { bearer } = (await login({ username, ...made })).json<LoggedIn>()
  const caller = (await callerOf(bearer)).json<{ permissions: string[] }>()
  expect(caller.permissions).toEqual(['account:read'])
  const byClient = await login({ username, appKey: client.clientId, secret: client.clientSecret })
  const { bearer: second } = byClient.json<LoggedIn>()
  expect((await callerOf(second)).json()).toMatchObject({ permissions: ['account:read'] })

  const audit = (await native('GET', 'audit')).json<{
    entries: { actor: string; action: string; details: object }[]
  }>()
  const opened = audit.entries.filter(({ action }) => action === 'session.opened')
  for (const actor of [`client:${client.clientId}`, `key:${made.appKey}`]) {
    const [entry] = opened.filter((one) => one.actor === actor)
    expect(entry?.details).toEqual({ loginName: username })
  }

  // A right that the key loses, its sessions lose.
  await native('PATCH', `api-keys/${made.keyId}`, { permissions: ['account:read'] })
  expect((await callerOf(bearer)).status).toBe(401)
})

test('what a person does by a key is noted under both names', async () => {
  const permissions = [
    'user:impersonate',
    'account:read',
    'account:write',
    'audit:read',
    'conversation:read',
    'conversation:handle',
    'conversation:manage',
    'delivery:manage',
  ]
  const key = (await native('POST', 'api-keys', { name: 'crm', permissions })).json<{
    appKey: string
  }>()
  const { bearer } = (await login({ username: server.admin.user, ...key })).json<LoggedIn>()

  await server.request('POST', `/api/v1/accounts/${server.accountId}/skills`, {
    bearer,
    body: { name: 'By a key' },
  })

  const actor = encodeURIComponent(`${server.admin.user} by key:${key.appKey}`)
  const audit = (await native('GET', `audit?actor=${actor}`)).json<{
    entries: { action: string }[]
  }>()
  expect(audit.entries).toMatchObject([{ action: 'skill.created' }])
})

test('nobody grants, takes or becomes more than they hold', async () => {
  const permissions = ['account:read', 'account:write']
  const key = (await native('POST', 'api-keys', { name: 'users', permissions })).json<{
    keyId: string
  }>()
  const weak = { loginName: 'weak-admin', kind: 'bot', role: 'administrator', profiles: [] }
  await native('POST', 'users', weak)
  await native('PATCH', `api-keys/${key.keyId}`, {
    permissions: [...permissions, 'audit:read', 'user:impersonate', 'delivery:manage'].concat(
      ['read', 'handle', 'manage'].map((right) => `conversation:${right}`),
    ),
  })
  const session = await login({ username: weak.loginName, ...key })
  const { bearer } = session.json<LoggedIn>()
  const strong = (await native('POST', 'api-keys', { name: 'strong' })).json<{ keyId: string }>()
  const as = (method: string, path: string, body?: unknown) =>
    server.request(method, `/api/v1/accounts/${server.accountId}/${path}`, {
      bearer,
      ...(body !== undefined && { body }),
    })
  const users = (await as('GET', 'users')).json<{
    users: { userId: string; loginName: string }[]
  }>()
  const idOf = (loginName: string) =>
    users.users.find((user) => user.loginName === loginName)?.userId ?? ''
  const developers = { profiles: ['FaaS-Developer'] }

  const refused = [
    await as('POST', 'api-keys', { name: 'more', permissions: ['function:write'] }),
    await as('POST', 'api-keys', { name: 'default' }),
    await as('POST', 'clients', { name: 'invoker' }),
    await as('PATCH', `clients/${server.client.id}`, { scopes: ['account.read'] }),
    await as('PATCH', `clients/${server.client.id}`, { grantTypes: ['client_credentials'] }),
    await as('PATCH', `clients/${server.client.id}`, { redirectUris: [] }),
    await as('DELETE', `clients/${server.client.id}`),
    await as('DELETE', `api-keys/${strong.keyId}`),
    await as('POST', 'users', { loginName: 'new', role: 'agent-manager', ...developers }),
    await as('PATCH', `users/${idOf(weak.loginName)}`, developers),
    await as('PATCH', `users/${idOf(server.admin.user)}`, { password: 'seven wet umbrellas' }),
    await as('PATCH', `users/${idOf(server.admin.user)}`, { enabled: false }),
    await as('DELETE', `users/${idOf(server.admin.user)}`),
  ]

  expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 403))
  expect(refused[0]?.text).toContain('function:write')
  expect((await as('POST', 'users', { loginName: 'new', role: 'agent' })).status).toBe(201)
  expect((await as('POST', 'api-keys', { name: 'same', permissions })).status).toBe(201)
})

test('the sessions and sockets that a key has opened end with the key', async () => {
  const bearer = server.adminBearer
  const keys = `/api/v1/accounts/${server.accountId}/api-keys`
  await makeBot()
  const key = (await server.request('POST', keys, { bearer, body: { name: 'bots' } })).json<{
    keyId: string
  }>()
  const session = (await login({ username: BOT, ...key })).json<LoggedIn>()
  await using socket = await openAgentSocket(server, {
    bearer: session.bearer,
    userId: session.config.userId,
    pid: session.config.userPid,
  })
  expect((await callerOf(session.bearer)).status).toBe(200)

  await server.request('DELETE', `${keys}/${key.keyId}`, { bearer })

  expect((await callerOf(session.bearer)).status).toBe(401)
  expect((await refresh(session.sessionId, session.csrf)).status).toBe(401)
  expect(await socket.closed).toBe(4401)
})

test('every refresh extends the session and keeps its csrf', async () => {
  const { csrf, sessionId, bearer } = (
    await login({ username: server.admin.user, password: server.admin.password })
  ).json<LoggedIn>()

  for (let hour = 0; hour < 3; hour++) {
    await server.clock.advance(7 * 3_600_000)
    expect((await refresh(sessionId, csrf)).json()).toMatchObject({ csrf, sessionId })
  }
  expect((await callerOf(bearer)).status).toBe(200)

  await server.clock.advance(8 * 3_600_000 + 1)
  expect((await refresh(sessionId, csrf)).status).toBe(401)
  expect((await callerOf(bearer)).status).toBe(401)
})

test('a refresh needs the cookie and the csrf of one session', async () => {
  const admin = { username: server.admin.user, password: server.admin.password }
  const one = (await login(admin)).json<LoggedIn>()
  const other = (await login(admin)).json<LoggedIn>()

  expect((await refresh(one.sessionId, other.csrf)).status).toBe(401)
  expect((await refresh('', one.csrf)).status).toBe(401)
  const without = await server.request('POST', path('refresh'), { body: { csrf: one.csrf } })
  expect(without.status).toBe(401)
})

test.each([[{}], [{ csrf: null }], [{ csrf: '' }]])(
  'a refresh with %j is one of a session that has ended: lpf asks so before it logs in to an account that it has no session of',
  async (body) => {
    const headers = { cookie: 'session_id=undefined' }
    const reply = await server.request('POST', path('refresh'), { body, headers })
    expect(reply.status).toBe(401)
    expect(reply.json()).toMatchObject({ internalCode: 401 })
  },
)

test('a logout ends the session at once', async () => {
  const admin = { username: server.admin.user, password: server.admin.password }
  const { bearer, csrf, sessionId } = (await login(admin)).json<LoggedIn>()
  expect((await callerOf(bearer)).status).toBe(200)

  const reply = await server.request('POST', path('logout'), {
    body: { csrf },
    headers: { cookie: `session_id=${sessionId}` },
  })

  expect(reply.status).toBe(200)
  expect((await callerOf(bearer)).status).toBe(401)
  expect((await refresh(sessionId, csrf)).status).toBe(401)
})

test('a user has ten failed logins in a minute, also when they come at once', async () => {
  const account = await server.anotherAccount()
  const guess = () => login({ username: account.admin.user, password: 'guess' }, account.accountId)
  const right = () =>
    login({ username: account.admin.user, password: account.admin.password }, account.accountId)
  for (let time = 0; time < 12; time++) expect((await right()).status).toBe(200)

  const guesses = await Promise.all(Array.from({ length: 14 }, guess))

  const answered = (wanted: number) => guesses.filter(({ status }) => status === wanted).length
  expect([answered(401), answered(429)]).toEqual([10, 4])
  const limited = await right()
  expect(limited.status).toBe(429)
  expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0)
  await server.clock.advance(60_000)
  expect((await right()).status).toBe(200)
})

test('a login that succeeds does not renew the failures before it', async () => {
  const { accountId, admin } = await server.anotherAccount()
  const attempt = async (password: string) =>
    (await login({ username: admin.user, password }, accountId)).status
  for (let time = 0; time < 9; time++) expect(await attempt('guess')).toBe(401)
  await server.clock.advance(50_000)
  for (let time = 0; time < 9; time++) expect(await attempt(admin.password)).toBe(200)
  await server.clock.advance(10_000)
  expect([await attempt('guess'), await attempt(admin.password)]).toEqual([401, 200])
})

test('a bearer of another account is refused', async () => {
  const account = await server.anotherAccount()

  expect((await callerOf(account.adminBearer, account.accountId)).status).toBe(200)
  expect((await callerOf(account.adminBearer)).status).toBe(401)
  expect((await callerOf(server.appToken, account.accountId)).status).toBe(401)
})
