import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK } from 'jose'
import { afterAll, expect, test, vi } from 'vitest'
import { lambdasOf, startTestServer } from '#testing'
import { type ownKeys, proofOfKey } from './key-proof.fixture.ts'

const server = await startTestServer({ nodes: 2 })
afterAll(() => server[Symbol.asyncDispose]())

interface Token {
  access_token: string
  token_type: string
  expires_in: number
}

const form = 'application/x-www-form-urlencoded'
const sentinel = `/sentinel/api/account/${server.accountId}`
const credentials = () => ({ client_id: server.client.id, client_secret: server.client.secret })

/** A request of the functions client, with an empty scope. */
const askToken = (fields: Record<string, string> = {}) =>
  server.request('POST', `${sentinel}/app/token?v=2.0`, {
    headers: { 'content-type': form },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: '',
      ...credentials(),
      ...fields,
    }).toString(),
  })

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >

const callerOf = (bearer: string, url = server.url) =>
  fetch(`${url}/api/v1/accounts/${server.accountId}/caller`, {
    headers: { authorization: `Bearer ${bearer}` },
  })

async function publishedKeys(): Promise<Map<string, KeyObject>> {
  const reply = await server.request('GET', `${sentinel}/jwks.json`)
  const { keys } = reply.json<{ keys: { kid: string; kty: string }[] }>()
  return new Map(keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]))
}

test('an application gets a token with the published claims, signed by a published key', async () => {
  const reply = await askToken()

  const { access_token: token, ...rest } = reply.json<Token>()
  expect(rest).toEqual({ token_type: 'Bearer' })
  const now = server.clock.now() / 1000
  expect(claimsOf(token)).toMatchObject({
    iss: 'Sentinel',
    aud: server.accountId,
    azp: server.client.id,
    iat: now,
    exp: now + 3600,
    scope: expect.stringContaining('faas.lambda.invoke'),
  })
  const [head = '', body = '', signature = ''] = token.split('.')
  const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string }
  const key = (await publishedKeys()).get(kid)
  if (!key) throw new Error('The key is not published')
  const signed = Buffer.from(`${head}.${body}`)
  expect(verify('sha256', signed, key, Buffer.from(signature, 'base64url'))).toBe(true)
})

test('a proof of a key may be sent again with a request that was refused before it ran', async () => {
  const uuid = await lambdasOf(server).deployed('const lambda = () => 1')
  const { access_token: token } = (await askBoundToken()).json<Token>()
  const path = `/api/account/${server.accountId}/lambdas/${uuid}/invoke`
  const dpop = await proofFor('POST', `${server.url}${path}`, token)
  const send = () =>
    server.request('POST', `${path}?v=1`, {
      headers: { authorization: `DPoP ${token}`, dpop },
      body: { payload: 1 },
    })
  using isLate = vi.spyOn(server.context.sandbox, 'isLate').mockReturnValueOnce(true)

  const late = await send()

  expect(isLate).toHaveBeenCalled()
  expect([late.status, (await send()).status, (await send()).status]).toEqual([429, 200, 401])
})

test('the other documented forms of the request work too', async () => {
  const query = new URLSearchParams({
    v: '1.0',
    grant_type: 'client_credentials',
    ...credentials(),
  })
  const { client_id, client_secret } = credentials()
  const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64')

  const replies = await Promise.all([
    server.request('POST', `${sentinel}/app/token?${query}`),
    server.request('POST', `/sentinel/api/v2/account/${server.accountId}/app/token`, {
      body: { grant_type: 'client_credentials', ...credentials() },
    }),
    server.request('POST', `${sentinel}/app/token`, {
      headers: { authorization: `Basic ${basic}`, 'content-type': form },
      body: 'grant_type=client_credentials&scope=faas.lambda.invoke',
    }),
  ])

  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(claimsOf(replies[2].json<Token>().access_token).scope).toBe('faas.lambda.invoke')
})

test('errors of a request are spelled as OAuth2 defines them', async () => {
  const secret = await askToken({ client_secret: 'wrong' })
  const grant = await askToken({ grant_type: 'password' })
  const scope = await askToken({ scope: 'everything' })
  const missing = await askToken({ client_id: '' })
  const noGrant = await server.request('POST', `${sentinel}/app/token`, { body: credentials() })
  const badProof = await server.request('POST', `${sentinel}/app/token`, {
    headers: { dpop: await proofFor('GET', `${server.url}${sentinel}/app/token`) },
    body: { grant_type: 'client_credentials', ...credentials() },
  })

  const answers = [secret, grant, scope, missing, noGrant, badProof].map((reply) => [
    reply.status,
    reply.json<{ error: string }>().error,
  ])
  expect(answers).toEqual([
    [401, 'invalid_client'],
    [400, 'unsupported_grant_type'],
    [400, 'invalid_scope'],
    [400, 'invalid_request'],
    [400, 'invalid_request'],
    [400, 'invalid_dpop_proof'],
  ])
  expect(missing.json<{ error_description: string }>().error_description).toContain('client_id')
})

test('a refusal of an application names the scheme by which the application has said who it is', async () => {
  const scheme = async (path: string, authorization?: string) => {
    const reply = await server.request('POST', `${sentinel}/${path}`, {
      headers: { 'content-type': form, ...(authorization !== undefined && { authorization }) },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        ...(authorization === undefined && { ...credentials(), client_secret: 'wrong' }),
      }).toString(),
    })
    return [reply.status, String(reply.headers['www-authenticate']).split(' ')[0]]
  }
  const basic = (id: string) => `Basic ${Buffer.from(`${id}:wrong`).toString('base64')}`

  expect(await scheme('app/token', basic(server.client.id))).toEqual([401, 'Basic'])
  expect(await scheme('token', basic(server.client.id))).toEqual([401, 'Basic'])
  expect(await scheme('app/token')).toEqual([401, 'Bearer'])
})

test('a token permits what its scope names until it expires', async () => {
  const { access_token: token } = (await askToken({ scope: 'faas.lambda.invoke' })).json<Token>()

  const caller = await callerOf(token)
  expect(await caller.json()).toMatchObject({
    kind: 'app',
    id: server.client.id,
    scopes: ['faas.lambda.invoke'],
    permissions: expect.arrayContaining(['function:invoke']),
  })
  const users = await server.request('GET', `/api/v1/accounts/${server.accountId}/users`, {
    bearer: token,
  })
  expect(users.status).toBe(403)

  await server.clock.advance(3_600_000)
  expect((await callerOf(token)).status).toBe(401)
})

test('a token that was tampered with is refused', async () => {
  const { access_token: token } = (await askToken()).json<Token>()
  const [head = '', body = '', signature = ''] = token.split('.')
  const forge = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const unsigned = `${forge({ alg: 'none' })}.${body}.`
  const otherClaims = `${head}.${forge({ ...claimsOf(token), scope: 'account.read' })}.${signature}`

  for (const forged of [unsigned, otherClaims, `${head}.${body}`, `${token}x.y`, 'eyJ.x.y']) {
    expect((await callerOf(forged)).status).toBe(401)
  }
})

test('after a rotation the new key signs, old keys verify until they are revoked, on every node', async () => {
  const { access_token: old } = (await askToken()).json<Token>()
  const rotate = (body: object) =>
    server.request('POST', `/api/v1/accounts/${server.accountId}/signing-keys`, {
      bearer: server.adminBearer,
      body,
    })
  for (const url of server.urls) expect((await callerOf(old, url)).status).toBe(200)

  await rotate({})
  const { access_token: fresh } = (await askToken()).json<Token>()
  expect((await publishedKeys()).size).toBe(2)
  for (const url of server.urls) {
    await expect.poll(async () => (await callerOf(fresh, url)).status).toBe(200)
    expect((await callerOf(old, url)).status).toBe(200)
  }

  await rotate({ revoke: true })
  for (const url of server.urls) {
    await expect.poll(async () => (await callerOf(fresh, url)).status).toBe(401)
    await expect.poll(async () => (await callerOf(old, url)).status).toBe(401)
  }
})

test('an old key is replaced automatically', async () => {
  const before = new Set((await publishedKeys()).keys())

  await server.clock.advance(91 * 24 * 3_600_000)
  await askToken()

  const after = await publishedKeys()
  expect(after.size).toBe(before.size + 1)
})

test('the tokens of a deleted application are refused on every node', async () => {
  const account = `/api/v1/accounts/${server.accountId}`
  const admin = { username: server.admin.user, password: server.admin.password }
  const session = await server.request('POST', `/api/account/${server.accountId}/login`, {
    body: admin,
  })
  const { bearer } = session.json<{ bearer: string }>()
  const made = await server.request('POST', `${account}/clients`, {
    bearer,
    body: { name: 'Other' },
  })
  const { clientId, clientSecret } = made.json<{ clientId: string; clientSecret: string }>()
  const { access_token: token } = (
    await askToken({ client_id: clientId, client_secret: clientSecret })
  ).json<Token>()
  for (const url of server.urls) {
    await expect.poll(async () => (await callerOf(token, url)).status).toBe(200)
  }

  await server.request('DELETE', `${account}/clients/${clientId}`, { bearer })

  for (const url of server.urls) {
    await expect.poll(async () => (await callerOf(token, url)).status).toBe(401)
  }
  expect((await askToken({ client_id: clientId, client_secret: clientSecret })).status).toBe(401)
})

/** A proof with a malformed key. */
function forgedProof(jwk: object, alg: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg, typ: 'dpop+jwt', jwk })}.${part({ jti: 'x' })}.AAAA`
}

const proofFor = (method: string, htu: string, token?: string, keys?: typeof ownKeys) =>
  proofOfKey({ method, htu, token, at: server.clock.now() }, keys)

const askBoundToken = async () =>
  server.request('POST', `${sentinel}/app/token?v=2.0`, {
    headers: { dpop: await proofFor('POST', `${server.url}${sentinel}/app/token`) },
    body: { grant_type: 'client_credentials', ...credentials() },
  })

test('a token that was issued with a proof of a key is valid with that key only', async () => {
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const caller = `/api/v1/accounts/${server.accountId}/caller`
  const call = (dpop: string, token: string) =>
    server.request('GET', caller, { headers: { authorization: `DPoP ${token}`, dpop } })

  const { access_token: token, token_type: type } = (await askBoundToken()).json<Token>()
  expect(type).toBe('DPoP')
  const proof = await proofFor('GET', `${server.url}${caller}`, token)
  expect((await call(proof, token)).status).toBe(200)
  expect((await call(proof, token)).status).toBe(401)
  expect((await callerOf(token)).status).toBe(401)
  for (const bad of [
    proofFor('POST', `${server.url}${caller}`, token),
    proofFor('GET', `${server.url}/elsewhere`, token),
    proofFor('GET', `${server.url}${caller}`, 'another token'),
    proofFor('GET', `${server.url}${caller}`, token, other),
    'no proof',
    forgedProof({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }, 'ES256'),
    forgedProof({ kty: 'RSA', n: 'AQAB', e: 'AQAB' }, 'RS256'),
  ]) {
    const refused = await call(await bad, token)
    expect(refused.status).toBe(401)
  }
})

test.each(['1.0', '2.0'])(
  'version %s of the published path answers exactly two members',
  async (version) => {
    const asked = { grant_type: 'client_credentials', ...credentials() }
    const query = new URLSearchParams({ v: version, ...asked }).toString()
    const answer = await server.request('POST', `${sentinel}/app/token?${query}`)
    expect(answer.status).toBe(200)
    expect(Object.keys(answer.json<object>()).toSorted()).toEqual(['access_token', 'token_type'])
    const newer = await server.request(
      'POST',
      `/sentinel/api/v2/account/${server.accountId}/app/token`,
      { body: asked },
    )
    expect(newer.json()).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
  },
)

test('who guesses secrets with proofs of a key leaves few of them behind', async () => {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const path = `${sentinel}/app/token`
  const statuses: number[] = []
  for (let time = 0; time < 12; time++) {
    const { status } = await server.request('POST', `${path}?v=2.0`, {
      headers: { dpop: await proofFor('POST', `${server.url}${path}`, undefined, keys) },
      body: { grant_type: 'client_credentials', client_id: 'guessed', client_secret: 'wrong' },
    })
    statuses.push(status)
  }

  expect(statuses.slice(-2)).toEqual([429, 429])
  const thumbprint = await calculateJwkThumbprint(await exportJWK(keys.publicKey))
  const kept = await server.context.store.db
    .selectFrom('usedNonce')
    .select('nonce')
    .where('appKey', '=', `dpop:${thumbprint}`)
    .execute()
  expect(kept).toHaveLength(statuses.filter((status) => status === 401).length)
})
