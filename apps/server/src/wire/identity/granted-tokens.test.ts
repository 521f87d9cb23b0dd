import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  authorizePath,
  call,
  consent,
  lambdasOf,
  openTestBrowser,
  openWireSocket,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import { askForTokens, caller, consented, type Tokens } from './user-tokens.fixture.ts'

let server: TestServer
let given: Awaited<ReturnType<typeof consented>>
let tokens: Tokens
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
  given = await consented(server)
  tokens = (await given.exchange()).json<Tokens>()
})
afterAll(() => server[Symbol.asyncDispose]())

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const decode = (part = '') =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>

/** A token with another header or other claims than the real one, signed by `sign`. */
function forged(
  { header, claims }: { header?: object; claims?: object },
  sign: (signed: string) => string,
): string {
  const [head, body] = tokens.access_token.split('.')
  const signed = `${encode({ ...decode(head), ...header })}.${encode({ ...decode(body), ...claims })}`
  return `${signed}.${sign(signed)}`
}

async function publicKey(): Promise<Record<string, string>> {
  const path = `/sentinel/api/account/${given.scene.accountId}/jwks.json`
  const { keys } = (await given.scene.request('GET', path)).json<{ keys: object[] }>()
  return keys[0] as Record<string, string>
}

const BAD: [what: string, make: () => string | Promise<string>][] = [
  ['alg none', () => forged({ header: { alg: 'none' } }, () => '')],
  ['alg none with the old signature', () => forged({ header: { alg: 'none' } }, oldSignature)],
  [
    'the public key as a secret',
    async () => {
      const key = JSON.stringify(await publicKey())
      return forged({ header: { alg: 'HS256' } }, (signed) =>
        createHmac('sha256', key).update(signed).digest('base64url'),
      )
    },
  ],
  [
    'the modulus as a secret',
    async () => {
      const { n = '' } = await publicKey()
      return forged({ header: { alg: 'HS256' } }, (signed) =>
        createHmac('sha256', Buffer.from(n, 'base64url')).update(signed).digest('base64url'),
      )
    },
  ],
  [
    'more scope under the old signature',
    () => forged({ claims: { scope: 'account.read' } }, oldSignature),
  ],
  ['another user under the old signature', () => forged({ claims: { sub: '1002' } }, oldSignature)],
  ['another key', () => forged({ header: { kid: 'other' } }, oldSignature)],
  ['no signature', () => forged({}, () => '')],
  ['a signature cut short', () => tokens.access_token.slice(0, -4)],
  ['the identity token', () => tokens.id_token],
  ['the refresh token', () => tokens.refresh_token],
  ['the code', () => given.code],
]

function oldSignature(): string {
  return tokens.access_token.split('.')[2] ?? ''
}

test.each(BAD)('%s is no access token', async (_what, make) => {
  const { status } = await caller(given.scene, await make())

  expect(status).toBe(401)
})

test('the token is good on every node, says for whom it acts, and is good in its account only', async () => {
  const { scene, application } = given
  const other = await anotherScene(server)

  for (const url of server.urls) {
    const answer = await fetch(`${url}/api/v1/accounts/${scene.accountId}/caller`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect([answer.status, await answer.json()]).toEqual([
      200,
      expect.objectContaining({
        kind: 'user',
        permissions: ['function:read', 'function:invoke', 'schedule:read', 'report:read'],
        scopes: [],
        user: expect.objectContaining({ loginName: scene.admin.user }),
      }),
    ])
  }
  const [head, body] = tokens.access_token.split('.').map((part) => part)
  expect(decode(head)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' })
  expect(decode(body)).toMatchObject({
    aud: scene.accountId,
    azp: application.clientId,
    scope: 'faas.lambda.invoke',
    iss: `${scene.url}/sentinel/api/account/${scene.accountId}`,
  })
  expect((await caller(other, tokens.access_token)).status).toBe(401)
})

test('a token for invoking changes no user, deploys nothing, opens no socket and sets no password', async () => {
  const { scene } = given
  const bearer = tokens.access_token
  const ask = async (method: string, path: string, body?: object) =>
    (
      await scene.request(method, `/api/v1/accounts/${scene.accountId}/${path}`, {
        bearer,
        ...(body && { body }),
      })
    ).status

  expect(await ask('GET', 'users')).toBe(403)
  expect(await ask('POST', 'users', { loginName: 'x', password: 'a long pass phrase' })).toBe(403)
  expect(await ask('GET', 'conversations')).toBe(403)
  const passwords = { currentPassword: scene.admin.password, newPassword: 'another long phrase' }
  expect(await ask('PUT', 'caller/password', passwords)).toBe(403)
  const path = `/ws_api/account/${scene.accountId}/messaging/brand/${bearer}?v=2.1`
  await using socket = await openWireSocket(`${scene.url.replace('http', 'ws')}${path}`)
  expect(await socket.closed).toBe(4401)
})

test('the token and its refresh token end with their time', async () => {
  const { scene, application, exchange } = await consented(server)
  const first = (await exchange()).json<Tokens>()

  await server.clock.advance(3_600_001)
  expect((await caller(scene, first.access_token)).status).toBe(401)
  const renew = (refresh_token: string) =>
    askForTokens(scene, application, { grant_type: 'refresh_token', refresh_token })
  const second = (await renew(first.refresh_token)).json<Tokens>()
  expect((await caller(scene, second.access_token)).status).toBe(200)
  await server.clock.advance(90 * 86_400_000)
  expect((await renew(second.refresh_token)).status).toBe(400)
})

type Consented = Awaited<ReturnType<typeof consented>>

/** An agent with the right to invoke, who has consented. */
async function agentConsented(): Promise<Consented & { user: { userId: string }; held: Tokens }> {
  const made = await consented(server)
  const { scene, application } = made
  const user = await call<{ userId: string }>(scene, 'POST', 'users', {
    loginName: 'invoker',
    password: 'a long pass phrase',
    profiles: ['FaaS-Invocation'],
  })
  const back = await consent(openTestBrowser(scene), authorizePath(scene, application), {
    user: 'invoker',
    password: 'a long pass phrase',
  })
  const answer = await askForTokens(scene, application, {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: application.redirectUri,
  })
  return { ...made, user, held: answer.json<Tokens>() }
}

test.each<[string, (made: Awaited<ReturnType<typeof agentConsented>>) => Promise<unknown>]>([
  ['is deleted', ({ scene, user }) => call(scene, 'DELETE', `users/${user.userId}`)],
  [
    'is disabled',
    ({ scene, user }) => call(scene, 'PATCH', `users/${user.userId}`, { enabled: false }),
  ],
  [
    'gets another password',
    ({ scene, user }) =>
      call(scene, 'PATCH', `users/${user.userId}`, { password: 'one more long phrase' }),
  ],
])('the token and its refresh token end when the user %s', async (_what, end) => {
  const made = await agentConsented()
  expect((await caller(made.scene, made.held.access_token)).status).toBe(200)

  await end(made)

  expect((await caller(made.scene, made.held.access_token)).status).toBe(401)
  const renewed = await askForTokens(made.scene, made.application, {
    grant_type: 'refresh_token',
    refresh_token: made.held.refresh_token,
  })
  expect(renewed.status).toBe(400)
})

test.each<[string, (made: Consented) => Promise<unknown>]>([
  [
    'is deleted',
    ({ scene, application }) => call(scene, 'DELETE', `clients/${application.clientId}`),
  ],
  [
    'may no longer act for users',
    ({ scene, application }) =>
      call(scene, 'PATCH', `clients/${application.clientId}`, {
        grantTypes: ['client_credentials'],
        redirectUris: [],
      }),
  ],
])('the token ends when the application %s', async (_what, end) => {
  const made = await consented(server)
  const held = (await made.exchange()).json<Tokens>()

  await end(made)

  expect((await caller(made.scene, held.access_token)).status).toBe(401)
  const renewed = await askForTokens(made.scene, made.application, {
    grant_type: 'refresh_token',
    refresh_token: held.refresh_token,
  })
  expect(renewed.status).toBe(401)
})

test('refresh tokens that were replaced, however many, do not end those of others', async () => {
  const { scene, application, exchange, held } = await agentConsented()
  const renew = async (refresh_token = '') => {
    const form = { grant_type: 'refresh_token', refresh_token }
    const answer = await askForTokens(scene, application, form)
    return { status: answer.status, ...answer.json<Partial<Tokens>>() }
  }
  const second = await renew((await exchange()).json<Tokens>().refresh_token)
  // An application that renews its token each minute.
  await sql`insert into grant_item (account_id, kind, id, grant_id, user_id, client_id, payload_box, consumed_at, expires_at)
    select account_id, kind, id || n, grant_id, user_id, client_id, payload_box, consumed_at, expires_at + interval '1 hour'
    from grant_item, generate_series(1, 20000) n
    where account_id = ${scene.accountId} and kind = 'RefreshToken' and consumed_at is not null`.execute(
    server.context.store.db,
  )
  let last = second
  for (let n = 0; n < 100; n += 1) last = await renew(last.refresh_token)
  expect([second.status, last.status]).toEqual([200, 200])
  expect((await renew(held.refresh_token)).status).toBe(200)
  expect((await renew(last.refresh_token)).status).toBe(200)
  const kept = await server.context.store.db
    .selectFrom('grantItem')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('accountId', '=', scene.accountId)
    .where('kind', '=', 'RefreshToken')
    .executeTakeFirst()
  // What is stale goes with some of the new ones.
  expect(kept?.count).toBeLessThan(20_060)
})

test('what the user or the application loses, the token loses at once', async () => {
  const { scene, application, user, held } = await agentConsented()
  const uuid = await lambdasOf(scene).deployed(
    'function lambda(input, callback) { callback(null, 1) }',
  )
  const invoke = async (of: Scene, bearer: string) =>
    (
      await of.request(
        'POST',
        `/api/account/${of.accountId}/lambdas/${uuid}/invoke?v=1&externalSystem=portal`,
        {
          bearer,
          body: { timestamp: 0, headers: [], payload: {} },
        },
      )
    ).status

  expect(await invoke(scene, held.access_token)).toBe(200)
  await call(scene, 'PATCH', `users/${user.userId}`, { profiles: [] })
  expect(await invoke(scene, held.access_token)).toBe(403)
  await call(scene, 'PATCH', `users/${user.userId}`, { profiles: ['FaaS-Invocation'] })
  expect(await invoke(scene, held.access_token)).toBe(200)
  await call(scene, 'PATCH', `clients/${application.clientId}`, { scopes: ['account.read'] })
  expect(await invoke(scene, held.access_token)).toBe(403)
})
