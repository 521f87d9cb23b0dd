import { generateKeyPairSync } from 'node:crypto'
import { exportJWK, SignJWT } from 'jose'
import { afterAll, expect, test } from 'vitest'
import { openConsumerSocket, startTestServer } from '#testing'

const server = await startTestServer({ nodes: 2 })
afterAll(() => server[Symbol.asyncDispose]())

const DAY_MS = 24 * 3_600_000
const issuerKeys = generateKeyPairSync('rsa', { modulusLength: 2048 })

const idp = (operation: string, body?: unknown) =>
  server.request('POST', `/api/account/${server.accountId}/${operation}`, {
    ...(body !== undefined && { body }),
  })

const jwtOf = (reply: { json<T>(): T }) => reply.json<{ jwt: string }>().jwt

const identityOf = (jwt: string, node = 0) =>
  server.contexts[node]?.credentials.consumerTokens.verify(server.accountId, jwt)

/** A request by an administrator with a new session, which no earlier move of the clock has ended. */
async function asAdmin(method: string, path: string, body?: unknown) {
  const { user, password } = server.admin
  const login = await server.request('POST', `/api/account/${server.accountId}/login`, {
    body: { username: user, password },
  })
  const { bearer } = login.json<{ bearer: string }>()
  return server.request(method, `/api/v1/accounts/${server.accountId}/${path}`, {
    bearer,
    ...(body !== undefined && { body }),
  })
}

function externalToken(
  claims: Record<string, unknown> = {},
  key = issuerKeys.privateKey,
  header: { kid?: string } = {},
) {
  const now = Math.floor(server.clock.now() / 1000)
  return new SignJWT({
    given_name: 'Ada',
    lp_sdes: [{ type: 'ctmrinfo' }],
    private_note: 'x',
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', ...header })
    .setIssuedAt(now)
    .setExpirationTime(Number(claims.exp ?? now + 600))
    .sign(key)
}

test('an anonymous consumer who signs up is authenticated by every node', async () => {
  const one = jwtOf(await idp('signup'))
  const other = jwtOf(await idp('signup', {}))

  const identity = await identityOf(one)
  expect(identity).toEqual({
    consumerId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    authenticated: false,
    origin: { keyId: expect.any(String), issuedAt: expect.any(Number) },
    expiresAt: server.clock.now() + 30 * DAY_MS,
  })
  expect(await identityOf(one, 1)).toEqual(identity)
  expect((await identityOf(other))?.consumerId).not.toBe(identity?.consumerId)
})

test('a page loads the answer of a sign-up as a script that calls the function it names', async () => {
  const script = (callback: string) =>
    server.request(
      'GET',
      `/api/account/${server.accountId}/signup.jsonp?callback=${encodeURIComponent(callback)}`,
    )
  const loaded = await script('lp.callbacks.$1')
  expect(loaded.headers['content-type']).toContain('javascript')
  const [, told = ''] = /^lp\.callbacks\.\$1\((.*)\);$/.exec(loaded.text) ?? []
  const { jwt } = JSON.parse(told) as { jwt: string }
  expect(await identityOf(jwt)).toMatchObject({ authenticated: false })
  for (const callback of ['', 'alert(1)//', '<script>']) {
    expect((await script(callback)).status).toBe(400)
  }
})

test('an anonymous identity is exchanged for the same consumer every time', async () => {
  const external = jwtOf(await idp('anonymous/authorize'))

  const first = await identityOf(jwtOf(await idp('authenticate', { authCode: external })))
  await server.clock.advance(40 * DAY_MS)
  const second = await identityOf(jwtOf(await idp('authenticate', { authCode: external })))

  expect(second?.consumerId).toBe(first?.consumerId)
  expect(second?.authenticated).toBe(false)
})

test('a consumer of a trusted issuer is the same consumer at every login', async () => {
  const publicKeyPem = issuerKeys.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const draft = { issuer: 'https://shop.example', publicKeyPem }
  const created = await asAdmin('POST', 'issuers', draft)
  const again = await asAdmin('POST', 'issuers', draft)
  expect([created.status, again.status]).toEqual([201, 409])
  expect(again.json()).toMatchObject({ error: { details: [{ path: 'body.issuer' }] } })
  const claims = { iss: 'https://shop.example', sub: 'customer-7' }

  const login = async (more: object = {}) =>
    jwtOf(await idp('authenticate', { authCode: await externalToken({ ...claims, ...more }) }))
  const [one, other] = [await login(), await login({ given_name: 'Grace' })]

  const identity = await identityOf(one)
  expect(identity).toMatchObject({
    authenticated: true,
    ext: { ...claims, given_name: 'Ada', lp_sdes: [{ type: 'ctmrinfo' }] },
  })
  expect(identity?.ext).not.toHaveProperty('private_note')
  expect((await identityOf(other))?.consumerId).toBe(identity?.consumerId)
})

test('a token is verified with every key that matches: keys and tokens need no id, but ids must match', async () => {
  const old = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const [first, second] = [await exportJWK(old.publicKey), await exportJWK(issuerKeys.publicKey)]
  const trust = (issuer: string, keys: object) => asAdmin('POST', 'issuers', { issuer, ...keys })
  const statusOf = async (iss: string, header: { kid?: string }) => {
    const token = externalToken({ iss, sub: 'c' }, issuerKeys.privateKey, header)
    return (await idp('authenticate', { authCode: await token })).status
  }
  const publicKeyPem = issuerKeys.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  await trust('https://pem.example', { publicKeyPem })
  await trust('https://two.example', { keys: [first, second] })
  await trust('https://ids.example', {
    keys: [
      { ...first, kid: 'old' },
      { ...second, kid: 'new' },
    ],
  })

  expect(await statusOf('https://pem.example', { kid: 'any' })).toBe(200)
  expect(await statusOf('https://two.example', {})).toBe(200)
  expect(await statusOf('https://two.example', { kid: 'any' })).toBe(200)
  expect(await statusOf('https://ids.example', {})).toBe(200)
  expect(await statusOf('https://ids.example', { kid: 'new' })).toBe(200)
  expect(await statusOf('https://ids.example', { kid: 'old' })).toBe(401)
  expect(await statusOf('https://ids.example', { kid: 'other' })).toBe(401)
})

test('an external token that is expired, of another key, of an unknown issuer or malformed is refused', async () => {
  const jwk = await exportJWK(issuerKeys.publicKey)
  await asAdmin('POST', 'issuers', {
    issuer: 'https://bank.example',
    audience: 'parley',
    keys: [jwk],
  })
  const claims = { iss: 'https://bank.example', sub: 'c', aud: 'parley' }
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const past = Math.floor(server.clock.now() / 1000) - 3600

  const good = await idp('authenticate', { authCode: await externalToken(claims) })
  const bad = await Promise.all(
    [
      externalToken({ ...claims, exp: past }),
      externalToken({ ...claims, aud: 'another' }),
      externalToken(claims, other),
      externalToken({ ...claims, iss: 'https://unknown.example' }),
      externalToken({ ...claims, sub: undefined }),
      externalToken({ ...claims, sub: 7 }),
      externalToken({ ...claims, lp_sdes: 'a\u0000b' }),
      'no token',
    ].map(async (authCode) => idp('authenticate', { authCode: await authCode })),
  )

  expect(good.status).toBe(200)
  expect(bad.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401, 400, 401])
  for (const reply of bad) expect(reply.json<{ error: string }>().error).toContain('authCode')
  expect((await idp('authenticate', {})).json<{ error: string }>().error).toContain('body.authCode')
})

test('consumers are refused and their sockets closed once their issuer is no longer trusted', async () => {
  const issuer = 'https://gone.example'
  const keys = [await exportJWK(issuerKeys.publicKey)]
  await asAdmin('POST', 'issuers', { issuer, keys })
  const authCode = await externalToken({ iss: issuer, sub: 'c' })
  const jwt = jwtOf(await idp('authenticate', { authCode }))
  await using socket = await openConsumerSocket(server, { jwt })
  await using anonymous = await openConsumerSocket(server)

  await asAdmin('DELETE', `issuers/${encodeURIComponent(issuer)}`)

  expect(await socket.closed).toBe(4401)
  await using refused = await openConsumerSocket(server, { jwt })
  expect(await refused.closed).toBe(4401)
  expect(await anonymous.request('GetClock')).toMatchObject({ code: 200 })
})

test('an issuer that is trusted anew, by other keys, brings no consumer back that was let in before', async () => {
  const issuer = 'https://leaked.example'
  const trust = async (key: Parameters<typeof exportJWK>[0]) =>
    await asAdmin('POST', 'issuers', { issuer, keys: [await exportJWK(key)] })
  const logIn = async (key = issuerKeys.privateKey) =>
    jwtOf(
      await idp('authenticate', { authCode: await externalToken({ iss: issuer, sub: 'c' }, key) }),
    )
  const renewed = generateKeyPairSync('rsa', { modulusLength: 2048 })
  await trust(issuerKeys.publicKey)
  const forged = await logIn()
  await using before = await openConsumerSocket(server, { jwt: forged })
  expect(await before.request('GetClock')).toMatchObject({ code: 200 })
  await server.clock.advance(400)

  await asAdmin('DELETE', `issuers/${encodeURIComponent(issuer)}`)
  await trust(renewed.publicKey)

  expect(await before.closed).toBe(4401)
  await using again = await openConsumerSocket(server, { jwt: forged })
  expect(await again.closed).toBe(4401)
  const jwt = await logIn(renewed.privateKey)
  await using after = await openConsumerSocket(server, { jwt })
  expect(await after.request('GetClock')).toMatchObject({ code: 200 })
  expect((await identityOf(jwt, 1))?.authenticated).toBe(true)
})

test('an issuer is trusted only by keys that can sign its tokens', async () => {
  const pairs = [
    generateKeyPairSync('dsa', { modulusLength: 2048 }),
    generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' }),
    generateKeyPairSync('x25519'),
    generateKeyPairSync('ed25519'),
  ]

  const replies = await Promise.all(
    pairs.map(({ publicKey }, index) =>
      asAdmin('POST', 'issuers', {
        issuer: `issuer ${index}`,
        publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }),
      }),
    ),
  )

  expect(replies.map(({ status }) => status)).toEqual([400, 400, 400, 201])
  expect(replies[0]?.json()).toMatchObject({ error: { details: [{ path: 'body.publicKeyPem' }] } })
})

test('tokens of other kinds and of other accounts do not pass for consumers', async () => {
  const account = await server.anotherAccount()
  const elsewhere = jwtOf(await server.request('POST', `/api/account/${account.accountId}/signup`))

  await expect(identityOf(elsewhere)).rejects.toMatchObject({ code: 'unauthorized' })
  await expect(identityOf(server.appToken)).rejects.toMatchObject({ code: 'unauthorized' })
  await expect(identityOf('nonsense')).rejects.toMatchObject({ code: 'unauthorized' })
  expect((await idp('authenticate', { authCode: server.appToken })).status).toBe(401)
  const consumer = jwtOf(await idp('signup'))
  const asBearer = await server.request('GET', `/api/v1/accounts/${server.accountId}/caller`, {
    bearer: consumer,
  })
  expect(asBearer.status).toBe(401)
})

test('the refusal of an expired token says whether the consumer must sign in or extend its identity', async () => {
  await asAdmin('POST', 'issuers', {
    issuer: 'https://airline.example',
    keys: [await exportJWK(issuerKeys.publicKey)],
  })
  const anonymous = jwtOf(await idp('signup'))
  const claims = { iss: 'https://airline.example', sub: 'c' }
  const known = jwtOf(await idp('authenticate', { authCode: await externalToken(claims) }))

  await server.clock.advance(31 * DAY_MS)

  await expect(identityOf(anonymous)).rejects.toMatchObject({ code: 'anonymous_token_expired' })
  await expect(identityOf(known)).rejects.toMatchObject({ code: 'token_expired' })
})

test('pages of other sites sign up consumers', async () => {
  const preflight = await server.request('OPTIONS', `/api/account/${server.accountId}/signup`)
  const reply = await idp('signup')
  const refused = await idp('authenticate', {})

  expect(preflight.status).toBe(204)
  expect(preflight.headers['access-control-allow-headers']).toContain('content-type')
  for (const { headers } of [reply, refused]) {
    expect(headers['access-control-allow-origin']).toBe('*')
  }
})

test('the public profile of an agent shows a nickname and no login name', async () => {
  const users = await server.context.accounts.users.list(server.accountId)
  const agent = users.find(({ loginName }) => loginName === server.agents[0].user)
  const path = `/api/account/${server.accountId}/configuration/le-users/users`

  const profile = await server.request('GET', `${path}/${agent?.pid}`)
  const unknownPid = crypto.randomUUID()
  const unknown = await server.request('GET', `${path}/${unknownPid}`)

  expect(profile.json()).toEqual({
    id: agent?.pid,
    pid: agent?.pid,
    nickname: agent?.nickname,
    isBot: false,
  })
  expect(unknown.status).toBe(404)
  expect(unknown.json()).toMatchObject({ error: `There is no user "${unknownPid}"` })
})
