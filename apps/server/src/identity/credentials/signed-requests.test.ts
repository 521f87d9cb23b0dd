import { sql } from 'kysely'
import { Agent } from 'undici'
import { afterAll, expect, onTestFinished, test, vi } from 'vitest'
import { sign, signatureBase } from './oauth1.ts'
import { anotherScene, call, lambdasOf, sendRequest, startTestServer } from '#testing'

const server = await startTestServer({ nodes: 2 })
const agent = new Agent()
afterAll(async () => {
  await agent.destroy()
  await server[Symbol.asyncDispose]()
})

const PATH = `/api/v1/accounts/${server.accountId}/caller`
const other = server.urls[1] ?? ''
let counter = 0

interface Signing {
  method?: string
  path?: string
  query?: string
  scheme?: string
  url?: string
  secret?: string
  withToken?: boolean
  oauth?: Record<string, string>
}

function headerFor({
  method: verb = 'GET',
  path = PATH,
  query = '',
  scheme = 'https',
  url,
  secret,
  withToken = true,
  oauth,
}: Signing) {
  const { apiKey } = server
  const params = new Map(
    Object.entries({
      oauth_consumer_key: apiKey.appKey,
      oauth_nonce: `nonce-${counter++}`,
      oauth_signature_method: 'HMAC-SHA1',
      oauth_timestamp: String(server.clock.now() / 1000),
      oauth_version: '1.0',
      ...(withToken && { oauth_token: apiKey.accessToken }),
      ...oauth,
    }),
  )
  const origin = `${scheme}://${new URL(url ?? server.url).host}`
  const base = signatureBase(verb, { origin, path, query }, params, false)
  const tokenSecret = withToken ? apiKey.accessTokenSecret : ''
  const method = params.get('oauth_signature_method') ?? ''
  params.set('oauth_signature', sign(base, method, secret ?? apiKey.secret, tokenSecret))
  return `OAuth ${[...params].map(([name, value]) => `${name}="${encodeURIComponent(value)}"`).join(', ')}`
}

const get = (authorization: string, { path = PATH, query = '', url = server.url }: Signing = {}) =>
  fetch(`${url}${path}${query && `?${query}`}`, { headers: { authorization } })

test('a signed request is let in, with its empty query values signed', async () => {
  const query = 'v=1&skillId=&externalSystem=a%20b'

  const path = `/api/account/${server.accountId}/lambdas`

  const reply = await get(headerFor({ path, query }), { path, query })

  expect(reply.status).toBe(200)
  expect(await reply.json()).toEqual(expect.any(Array))
})

test('the token may be left out, the digest stronger, the scheme the one that was really used', async () => {
  const replies = await Promise.all([
    get(headerFor({ withToken: false })),
    get(headerFor({ oauth: { oauth_signature_method: 'HMAC-SHA256' } })),
    get(headerFor({ scheme: 'http' })),
  ])

  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
})

test('the refusal of a method of signing names each that is taken', async () => {
  const sent = (method: string) => get(headerFor({ oauth: { oauth_signature_method: method } }))

  const refused = await (await sent('PLAINTEXT')).text()

  const [, rule = ''] = /oauth_signature_method must be ([^"]*)/.exec(refused) ?? []
  const named = rule.match(/HMAC-\w+/g) ?? []
  expect(named).toEqual(['HMAC-SHA1', 'HMAC-SHA256', 'HMAC-SHA512'])
  for (const method of named) expect((await sent(method)).status).toBe(200)
})

test('a nonce counts once per key, on whichever node', async () => {
  const authorization = headerFor({ oauth: { oauth_nonce: 'once' } })
  const onOther = headerFor({ url: other, oauth: { oauth_nonce: 'once' } })

  expect((await get(authorization)).status).toBe(200)
  expect((await get(authorization)).status).toBe(401)
  expect((await get(onOther, { url: other })).status).toBe(401)
})

/** Invokes a function by a request that is sent as often as wanted, on either node. */
function signedInvocation(uuid: string) {
  const path = `/api/account/${server.accountId}/lambdas/${uuid}/invoke`
  const signing = { method: 'POST', path, query: 'v=1', url: 'https://functions.parley.test' }
  const headers = { authorization: headerFor(signing), host: new URL(signing.url).host }
  return (url = server.url) =>
    sendRequest(agent, url, 'POST', `${path}?v=1`, { headers, body: { payload: 1 } })
}

const invocationsPerSecond = (limit: number | null) =>
  lambdasOf(server).native('PATCH', '/settings', { limits: { invocationsPerSecond: limit } })

test('a signed request that was refused before it ran may be sent again, on whichever node, and none that ran', async () => {
  const uuid = await lambdasOf(server).deployed('let runs = 0; const lambda = () => ++runs')
  await invocationsPerSecond(1)
  onTestFinished(async () => void (await invocationsPerSecond(null)))
  const sends = Array.from({ length: 6 }, () => signedInvocation(uuid))

  const first = await Promise.all(sends.map((send) => send()))
  expect(new Set(first.map(({ status }) => status))).toEqual(new Set([200, 429]))

  for (const [at, send] of sends.entries()) {
    const url = at % 2 === 0 ? server.url : other
    if (first[at]?.status === 429) {
      server.leap(1_000)
      expect((await send(url)).status).toBe(200)
    }
    server.leap(1_000)
    expect((await send(url)).status).toBe(401)
  }
})

test('a signed request that no function can take now may be sent again', async () => {
  const uuid = await lambdasOf(server).deployed('const lambda = () => 1')
  const send = signedInvocation(uuid)
  using isLate = vi.spyOn(server.context.sandbox, 'isLate').mockReturnValueOnce(true)

  const late = await send()

  expect(isLate).toHaveBeenCalled()
  expect([late.status, (await send()).status, (await send()).status]).toEqual([429, 200, 401])
})

test('a timestamp may be off by five minutes', async () => {
  const at = (offsetS: number) =>
    get(headerFor({ oauth: { oauth_timestamp: String(server.clock.now() / 1000 + offsetS) } }))

  expect((await at(-300)).status).toBe(200)
  expect((await at(300)).status).toBe(200)
  expect((await at(-301)).status).toBe(401)
  expect((await at(301)).status).toBe(401)
})

test.each([
  ['another secret', { secret: 'wrong' }, /oauth_signature/],
  ['another path', { path: '/elsewhere' }, /oauth_signature/],
  ['another query', { query: 'v=2' }, /oauth_signature/],
  ['an unknown key', { oauth: { oauth_consumer_key: 'nobody' } }, /oauth_consumer_key/],
  ['an unknown token', { oauth: { oauth_token: 'other' } }, /oauth_token/],
  ['a method that is not supported', { oauth: { oauth_signature_method: 'PLAINTEXT' } }, /method/],
  ['a method that every object has', { oauth: { oauth_signature_method: 'toString' } }, /method/],
  ['another version', { oauth: { oauth_version: '2.0' } }, /oauth_version/],
  ['no timestamp', { oauth: { oauth_timestamp: '' } }, /oauth_timestamp/],
] satisfies [string, Signing, RegExp][])(
  '%s is refused, naming what does not fit',
  async (_what, signing, reason) => {
    const reply = await get(headerFor(signing))

    expect(reply.status).toBe(401)
    expect(await reply.text()).toMatch(reason)
  },
)

test('keys and applications tell when they were used last', async () => {
  const scene = await anotherScene(server)
  interface Listed {
    apiKeys: { appKey: string; lastUsedAt?: string }[]
    clients: { clientId: string; lastUsedAt?: string }[]
  }
  const made = await call<{ clientId: string; clientSecret: string }>(scene, 'POST', 'clients', {
    name: 'Used',
  })
  const key = await call<Record<string, string>>(scene, 'POST', 'api-keys', { name: 'Used' })
  const lastUses = async () => {
    const { apiKeys } = await call<Listed>(scene, 'GET', 'api-keys')
    const { clients } = await call<Listed>(scene, 'GET', 'clients')
    return [
      apiKeys.find(({ appKey }) => appKey === key['appKey'])?.lastUsedAt,
      clients.find(({ clientId }) => clientId === made.clientId)?.lastUsedAt,
    ]
  }
  expect(await lastUses()).toEqual([undefined, undefined])

  const token = await scene.request('POST', `/sentinel/api/account/${scene.accountId}/app/token`, {
    body: {
      grant_type: 'client_credentials',
      client_id: made.clientId,
      client_secret: made.clientSecret,
    },
  })
  expect(token.status).toBe(200)
  const robot = { loginName: 'robot', kind: 'bot', role: 'agent' }
  await call(scene, 'POST', 'users', robot)
  const { appKey, secret, accessToken, accessTokenSecret } = key
  const login = await scene.request('POST', `/api/account/${scene.accountId}/login?v=1.3`, {
    body: { username: 'robot', appKey, secret, accessToken, accessTokenSecret },
  })
  expect(login.status).toBe(200)

  const isRecent = (at: string | undefined) =>
    Math.abs(server.clock.now() - Date.parse(at ?? '')) < 600_000
  expect((await lastUses()).map(isRecent)).toEqual([true, true])
})

test('a use of an application that could not be noted is noted with the next one', async () => {
  const { db } = server.context.store
  const scene = await anotherScene(server)
  const { clientId, clientSecret } = await call<{ clientId: string; clientSecret: string }>(
    scene,
    'POST',
    'clients',
    { name: 'Used' },
  )
  await sql`create function refuse_use() returns trigger language plpgsql as
    $$ begin raise 'no room' using errcode = '53200'; end $$`.execute(db)
  await sql`create trigger refuse_use before update on oauth_client
    for each row execute function refuse_use()`.execute(db)
  const uses = async () => {
    const body = {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    }
    const path = `/sentinel/api/account/${scene.accountId}/app/token`
    return (await scene.request('POST', path, { body })).status
  }
  expect(await uses()).toBe(503)
  await sql`drop trigger refuse_use on oauth_client`.execute(db)
  expect(await uses()).toBe(200)

  const { clients } = await call<{ clients: { clientId: string; lastUsedAt?: string }[] }>(
    scene,
    'GET',
    'clients',
  )
  expect(clients.find((one) => one.clientId === clientId)?.lastUsedAt).toBeDefined()
})
