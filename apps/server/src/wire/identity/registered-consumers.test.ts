import { afterAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenIssuer,
  openConsumerSocket,
  type Scene,
  startTestServer,
} from '#testing'

const server = await startTestServer({ nodes: 2 })
afterAll(() => server[Symbol.asyncDispose]())

interface Client {
  clientId: string
  clientSecret: string
}

async function givenConnector(scene: Scene, scopes = ['msg.consumer']) {
  const client = await call<Client>(scene, 'POST', 'clients', { name: 'Bridge', scopes })
  const reply = await scene.request('POST', `/sentinel/api/account/${scene.accountId}/app/token`, {
    body: {
      grant_type: 'client_credentials',
      client_id: client.clientId,
      client_secret: client.clientSecret,
    },
  })
  return { ...client, token: reply.json<{ access_token: string }>().access_token }
}

/** With the token alone, as published connectors send it. */
const register = (scene: Scene, authorization: string, body: object) =>
  scene.request('POST', `/api/account/${scene.accountId}/consumer?v=1.0`, {
    headers: { authorization },
    body,
  })

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >

async function registered(scene: Scene, authorization: string, id: string) {
  const { token } = (await register(scene, authorization, { ext_consumer_id: id })).json<{
    token: string
  }>()
  return { token, claims: claimsOf(token) }
}

test('an external id is the same consumer every time, and another one for every other application', async () => {
  const scene = await anotherScene(server)
  const [one, other] = [await givenConnector(scene), await givenConnector(scene)]

  const reply = await register(scene, one.token, { ext_consumer_id: '+49 170 1' })
  const first = claimsOf(reply.json<{ token: string }>().token)
  const again = await registered(scene, `Bearer ${one.token}`, '+49 170 1')
  const else_ = await registered(scene, one.token, '+49 170 2')
  const foreign = await registered(scene, other.token, '+49 170 1')

  expect(reply.status).toBe(201)
  expect(Object.keys(reply.json<object>())).toEqual(['token'])
  expect(first).toMatchObject({
    account_id: scene.accountId,
    ext_consumer_id: '+49 170 1',
    lp_consumer_id: first.sub,
  })
  expect(again.claims.sub).toBe(first.sub)
  expect(new Set([first.sub, else_.claims.sub, foreign.claims.sub]).size).toBe(3)
})

test('a connector speaks for the consumer with both tokens bare', async () => {
  const scene = await anotherScene(server)
  const { token: app } = await givenConnector(scene)
  const { token } = await registered(scene, app, 'a')
  const send = (path: string, body: unknown) =>
    scene.request('POST', `/api/account/${scene.accountId}/messaging/consumer/${path}?v=3`, {
      headers: { authorization: app, 'x-lp-on-behalf': token },
      body,
    })

  const opened = await send('conversation', [
    { kind: 'req', id: '1', type: 'cm.ConsumerRequestConversation' },
  ])
  const sent = await send('conversation/send', { kind: 'req', id: '2', type: 'GetClock' })

  expect([opened.status, sent.status]).toEqual([200, 200])
  expect(opened.json()).toMatchObject([{ code: 200 }])
})

test('a bare token is taken on the calls of connectors only', async () => {
  const scene = await anotherScene(server)
  const { token } = await givenConnector(scene)
  const caller = await scene.request('GET', `/api/v1/accounts/${scene.accountId}/caller`, {
    headers: { authorization: token },
  })

  expect(caller.status).toBe(401)
})

test('who may not register consumers is refused, and so is a body that names none', async () => {
  const scene = await anotherScene(server)
  const other = await anotherScene(server)
  const { token } = await givenConnector(scene)
  const { token: reader } = await givenConnector(scene, ['conversation.read'])
  const body = { ext_consumer_id: 'a' }
  const status = async (authorization: string, given: object = body, where = scene) =>
    (await register(where, authorization, given)).status

  expect(await status(reader)).toBe(403)
  expect(await status(scene.adminBearer)).toBe(403)
  expect(await status('nonsense')).toBe(401)
  expect(await status(token, body, other)).toBe(401)
  for (const wrong of [
    {},
    { ext_consumer_id: '' },
    { ext_consumer_id: 7 },
    { ext_consumer_id: 'a\0' },
    { ext_consumer_id: 'a'.repeat(256) },
  ]) {
    const refused = await register(scene, token, wrong)
    expect(refused.status).toBe(400)
    expect(refused.text).toContain('ext_consumer_id')
  }
})

test("a registered consumer's token is none for another account, cannot be exchanged, and ends with its application", async () => {
  const scene = await anotherScene(server)
  const other = await anotherScene(server)
  const { clientId, token: app } = await givenConnector(scene)
  const { token } = await registered(scene, app, 'a')
  const speak = async (account: Scene, bearer: string) => {
    const path = `/api/account/${account.accountId}/messaging/consumer/conversation/send?v=3`
    const body = { kind: 'req', id: '1', type: 'GetClock' }
    const headers = { 'x-lp-on-behalf': token }
    return (await account.request('POST', path, { bearer, headers, body })).status
  }

  await using socket = await openConsumerSocket(scene, { jwt: token })
  expect(await speak(scene, app)).toBe(200)
  expect(await speak(other, other.appToken)).toBe(401)
  const exchanged = await scene.request('POST', `/api/account/${scene.accountId}/authenticate`, {
    body: { authCode: token },
  })
  expect(exchanged.status).toBe(401)
  await call(scene, 'PATCH', `clients/${clientId}`, { scopes: ['account.read'] })
  expect(await speak(scene, scene.appToken)).toBe(401)
  expect(await socket.closed).toBe(4401)
})

test('a conversation that an application has opened goes to nobody else by a step-up', async () => {
  const scene = await anotherScene(server)
  const { token } = await registered(scene, (await givenConnector(scene)).token, 'c')
  await using before = await openConsumerSocket(scene, { jwt: token })
  const conversationId = await before.openConversation({ skillId: '1001' })
  const jwt = await (await givenIssuer(scene))('grace')
  await using known = await openConsumerSocket(scene, { jwt })

  const answer = await known.request('StepUp', { jwt: token })

  expect(answer).toMatchObject({ code: 400, body: expect.stringContaining('body.jwt') })
  expect(await before.say(conversationId, 'still mine')).toBeGreaterThan(0)
})
