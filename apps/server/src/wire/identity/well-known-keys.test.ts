import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterAll, expect, test } from 'vitest'
import { anotherScene, call, type Scene, startTestServer } from '#testing'

const server = await startTestServer({ nodes: 2 })
afterAll(() => server[Symbol.asyncDispose]())

const BOT = 'thirdpartybots.customendpoint.bot'
const DAY_MS = 24 * 3_600_000

interface Client {
  clientId: string
  clientSecret: string
}

function givenClient(scene: Scene, scopes: string[]): Promise<Client> {
  return call<Client>(scene, 'POST', 'clients', { name: 'Bot', scopes })
}

async function tokenOf(scene: Scene, { clientId, clientSecret }: Client, scope = '') {
  const reply = await scene.request('POST', `/sentinel/api/account/${scene.accountId}/app/token`, {
    body: {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope,
    },
  })
  return reply.json<{ access_token: string }>().access_token
}

/** As the published reader does: it names no account, and takes the first key only. */
async function firstKey(url = server.url): Promise<JSONWebKeySet> {
  const reply = await fetch(`${url}/sentinel/well-known/jwks`)
  const { keys } = (await reply.json()) as JSONWebKeySet
  return { keys: keys.slice(0, 1) }
}

const verified = async (token: string, keys: JSONWebKeySet) =>
  jwtVerify(token, createLocalJWKSet(keys), { currentDate: new Date(server.clock.now()) })

/** As if the clock had been advanced, without all that a server does in 90 days. */
async function makeKeyOlder(ms: number): Promise<void> {
  const { store } = server.context
  const createdAt = new Date(server.clock.now() - ms)
  await store.db.updateTable('installationKey').set({ createdAt }).execute()
  store.notify('installation_keys', 'installation')
}

const callerOf = async (scene: Scene, token: string, url = server.url) => {
  const reply = await fetch(`${url}/api/v1/accounts/${scene.accountId}/caller`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return reply.status
}

test('tokens of bots of two accounts are verified by the first key of the path without an account', async () => {
  const [one, other] = [await anotherScene(server), await anotherScene(server)]
  const tokens = [
    await tokenOf(one, await givenClient(one, [BOT])),
    await tokenOf(other, await givenClient(other, [BOT])),
  ]

  for (const url of server.urls) {
    const keys = await firstKey(url)
    const read = await Promise.all(tokens.map((token) => verified(token, keys)))
    expect(read.map(({ payload }) => [payload.aud, payload.scope])).toEqual([
      [one.accountId, BOT],
      [other.accountId, BOT],
    ])
  }
})

test('a token of a bot is one of its account only, on every node', async () => {
  const [one, other] = [await anotherScene(server), await anotherScene(server)]
  const token = await tokenOf(one, await givenClient(one, [BOT]))

  for (const url of server.urls) {
    expect(await callerOf(one, token, url)).toBe(200)
    expect(await callerOf(other, token, url)).toBe(401)
  }
})

test('all other tokens are signed by the key of their account, also those of an application that has both scopes', async () => {
  const scene = await anotherScene(server)
  const client = await givenClient(scene, [BOT, 'faas.lambda.invoke'])
  const [key] = (await firstKey()).keys
  const kidOf = async (scope: string) =>
    decodeProtectedHeader(await tokenOf(scene, client, scope)).kid
  const account = await scene.request('GET', `/sentinel/api/account/${scene.accountId}/jwks.json`)

  expect(await kidOf(BOT)).toBe(key?.kid)
  const own = await kidOf('faas.lambda.invoke')
  expect(own).not.toBe(key?.kid)
  const { keys } = (
    await scene.request('GET', `/sentinel/api/account/${scene.accountId}/jwks.json`)
  ).json<JSONWebKeySet>()
  expect(account.status).toBe(200)
  expect(keys.map(({ kid }) => kid)).toEqual([own])
})

test('a forged token, and one of a key that nobody has, is refused', async () => {
  const scene = await anotherScene(server)
  const token = await tokenOf(scene, await givenClient(scene, [BOT]))
  const [head = '', body = '', signature = ''] = token.split('.')
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object
  const forged = [
    `${part({ alg: 'none' })}.${body}.`,
    `${head}.${part({ ...claims, scope: 'account.read' })}.${signature}`,
    `${part({ alg: 'RS256', kid: 'none' })}.${body}.${signature}`,
  ]

  for (const each of forged) expect(await callerOf(scene, each)).toBe(401)
})

test('the key is replaced, the new one comes first, and the old one verifies what it has signed', async () => {
  const scene = await anotherScene(server)
  await scene.request('PATCH', `/api/v1/accounts/${scene.accountId}/settings`, {
    bearer: scene.adminBearer,
    body: { identity: { appTokenMs: 400 * DAY_MS } },
  })
  const client = await givenClient(scene, [BOT])
  await tokenOf(scene, client)
  const before = await firstKey()
  await makeKeyOlder(90 * DAY_MS - 1000)
  const old = await tokenOf(scene, client)
  await verified(old, before)
  await server.clock.advance(1000)

  const first = async () => (await firstKey()).keys[0]?.kid
  await expect.poll(first).not.toBe(before.keys[0]?.kid)
  const fresh = await tokenOf(scene, client)
  const after = await firstKey()
  await verified(fresh, after)
  for (const url of server.urls) {
    await expect.poll(() => callerOf(scene, fresh, url)).toBe(200)
    expect(await callerOf(scene, old, url)).toBe(200)
  }
  // However long the account lets tokens live: those of bots live a day, as long as their key is kept.
  await server.clock.advance(DAY_MS)
  expect(await callerOf(scene, old)).toBe(401)
})

test('a key that cannot be decrypted any more makes way for a new one when something is to be signed', async () => {
  const scene = await anotherScene(server)
  const { accountId } = scene
  const client = await givenClient(scene, [BOT])
  const former = decodeProtectedHeader(await tokenOf(scene, client)).kid
  const { store, credentials } = server.context
  await credentials.consumerTokens.signUp(accountId)
  const [known] = await credentials.signingKeys.list(accountId)
  const privateBox = `v1.${Buffer.alloc(64, 7).toString('base64url')}`
  await store.db.updateTable('installationKey').set({ privateBox }).execute()
  const ofAccount = store.db.updateTable('signingKey').where('accountId', '=', accountId)
  await ofAccount.set({ privateBox }).execute()
  store.notify('installation_keys', 'installation')
  store.notify('credentials', accountId)

  // Until the node has heard of it, it signs with the key that it knows.
  const kid = async () => decodeProtectedHeader(await tokenOf(scene, client)).kid
  await expect.poll(kid).not.toBe(former)
  const ofConsumer = async () =>
    decodeProtectedHeader(await credentials.consumerTokens.signUp(accountId)).kid
  await expect.poll(ofConsumer).not.toBe(known?.kid)
})
