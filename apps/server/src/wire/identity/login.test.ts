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

test('bots log in with the four values of an API key, or with an OAuth2 application in its place', async () => {
  const { appKey, secret, accessToken, accessTokenSecret } = server.apiKey
  const username = server.agents[0].user
  const key = { username, appKey, secret, accessToken, accessTokenSecret }
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
  expect(byKey.json<LoggedIn>().config.loginName).toBe(username)
})

test('a key logs in no user with more permissions than agents, their managers and the key have', async () => {
  const bearer = server.adminBearer
  const native = `/api/v1/accounts/${server.accountId}`
  const keyOf = async (permissions: string[]) =>
    (
      await server.request('POST', `${native}/api-keys`, {
        bearer,
        body: { name: 'bots', permissions },
      })
    ).json<{ keyId: string; appKey: string }>()
  const weak = await keyOf(['function:invoke'])
  const client = (
    await server.request('POST', `${native}/clients`, { bearer, body: { name: 'invoker' } })
  ).json<{ clientId: string; clientSecret: string }>()
  const asClient = { appKey: client.clientId, secret: client.clientSecret }

  const admin = { username: server.admin.user }
  const agent = { username: server.agents[0].user }
  const bot = { username: 'bot@example.org' }
  const draft = { loginName: bot.username, kind: 'bot', role: 'agent-manager' }
  await server.request('POST', `${native}/users`, { bearer, body: draft })

  expect((await login({ ...admin, ...weak })).status).toBe(403)
  expect((await login({ ...admin, ...asClient })).text).toContain('account:write')
  expect((await login({ ...agent, ...weak })).text).toContain('log:read')
  expect((await login({ ...bot, ...weak })).status).toBe(200)
  expect((await login({ ...agent, ...asClient })).status).toBe(200)
})

test('the sessions and sockets that a key has opened end with the key', async () => {
  const bearer = server.adminBearer
  const keys = `/api/v1/accounts/${server.accountId}/api-keys`
  const key = (await server.request('POST', keys, { bearer, body: { name: 'bots' } })).json<{
    keyId: string
  }>()
  const session = (await login({ username: server.agents[0].user, ...key })).json<LoggedIn>()
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
