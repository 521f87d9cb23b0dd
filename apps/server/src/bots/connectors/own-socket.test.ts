import type { Connector } from '@parley/contract'
import { expect, test } from 'vitest'
import { anotherScene, call, openAgentSocket, startTestServer } from '#testing'
import { givenBot } from './connectors.fixture.ts'

interface Key {
  appKey: string
  secret: string
  accessToken: string
  accessTokenSecret: string
}

test('a bot that this server runs goes on when a program that has logged in as it sets its state, and leaves', async () => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  const bot = await givenBot(scene, `callback(null, { messages: ['heard'] })`)
  const key = await call<Key>(scene, 'POST', 'api-keys', { name: 'robot' })
  const { userId } = await call<Connector>(scene, 'GET', `connectors/${bot.connectorId}`)
  const { json } = await scene.request('POST', `/api/account/${scene.accountId}/login?v=1.3`, {
    body: { username: `bot-${bot.connectorId}`, ...key },
  })
  const { bearer } = json() as { bearer: string }
  const program = await openAgentSocket(scene, { bearer, userId, pid: '' })
  const answer = await program.request('.ams.routing.SetAgentState', { availability: 'AWAY' })
  await program[Symbol.asyncDispose]()
  await scene.clock.advance(60_000)

  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, ({ text }) => text === 'heard')
  expect(answer).toMatchObject({
    code: 409,
    body: 'This server runs the bot: start or stop it instead',
  })
})

test('the user of a bot that this server runs is deleted with the bot, not before', async () => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  const bot = await givenBot(scene, `callback(null, { messages: ['heard'] })`)
  const { userId } = await call<Connector>(scene, 'GET', `connectors/${bot.connectorId}`)
  const user = `/api/v1/accounts/${scene.accountId}/users/${userId}`
  const as = { bearer: scene.adminBearer }

  const refused = await scene.request('DELETE', user, as)
  expect(refused.status).toBe(409)
  expect(refused.text).toContain('delete the bot instead of its user')
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, ({ text }) => text === 'heard')

  await call(scene, 'DELETE', `connectors/${bot.connectorId}`)
  await scene.clock.advance(1_000)
  await expect.poll(async () => (await scene.request('GET', user, as)).status).toBe(404)
})

test.each([
  ['is disabled', { enabled: false }, { enabled: true }],
  ['handles no conversations any more', { role: 'auditor' }, { role: 'agent' }],
])(
  'a bot that this server runs stops when its user %s, and starts again after that',
  async (_, change, back) => {
    await using server = await startTestServer()
    const scene = await anotherScene(server)
    const bot = await givenBot(scene, `callback(null, { messages: ['heard'] })`)
    const connector = `connectors/${bot.connectorId}`
    const stateNow = async () => (await call<Connector>(scene, 'GET', connector)).state
    const { userId } = await call<Connector>(scene, 'GET', connector)
    const { consumer, conversationId } = await bot.consumer()
    await using _consumer = consumer
    // Another change of its user leaves it as it is.
    await call(scene, 'PATCH', connector, { name: 'Robo the second' })
    await consumer.say(conversationId, 'hello')
    await consumer.message(conversationId, ({ text }) => text === 'heard')
    expect(await stateNow()).toBe('online')

    await call(scene, 'PATCH', `users/${userId}`, change)
    await expect.poll(stateNow).toBe('offline')
    const start = () => call(scene, 'PUT', `${connector}/state`, { state: 'online' })
    await expect(start()).rejects.toThrow('The user of the bot is disabled, or handles no')
    const second = await consumer.say(conversationId, 'still there?')

    await call(scene, 'PATCH', `users/${userId}`, back)
    expect(await stateNow()).toBe('offline')
    await start()
    await consumer.message(
      conversationId,
      ({ sequence, text }) => sequence > second && text === 'heard',
    )
  },
)

test('a bot whose user was disabled by a node of an earlier version, which stops no bot, is shown as it is: offline', async () => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  const { connectorId } = await givenBot(scene, `callback(null, { messages: ['heard'] })`)
  const shown = async () => {
    const one = await call<Connector>(scene, 'GET', `connectors/${connectorId}`)
    const all = await call<{ connectors: Connector[] }>(scene, 'GET', 'connectors')
    return [one.state, ...all.connectors.map(({ state }) => state)]
  }
  expect(await shown()).toEqual(['online', 'online'])

  const { store } = server.context
  await store.db
    .updateTable('accountUser')
    .set({ enabled: false })
    .where('accountId', '=', scene.accountId)
    .where('loginName', '=', `bot-${connectorId}`)
    .execute()
  store.resyncAll(server.clock.now())
  await expect.poll(shown).toEqual(['offline', 'offline'])
})
