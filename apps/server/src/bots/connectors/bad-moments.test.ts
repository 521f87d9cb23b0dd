import type { Connector } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenSkill,
  openConsumerSocket,
  startDoomedNode,
  startTestServer,
  stopAt,
  type TestServer,
} from '#testing'
import { givenBot, PREFIX, said } from './connectors.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test('beyond 999 conversations each new one is escalated', async () => {
  const scene = await anotherScene(server)
  const bot = await givenBot(scene, `callback(null, { messages: ['unheard'] })`)
  const { userId } = await call<Connector>(scene, 'GET', `connectors/${bot.connectorId}`)
  const slots = Array.from({ length: 999 }, (_, nth) => `conversation ${nth}`)
  const { conversations } = scene.context.messaging
  await conversations.changeAgent(scene.accountId, userId, (agent) => ({
    agent: { ...agent, slots },
  }))
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, ({ text }) => text === 'A human will help you')
  await scene.clock.advance(0)
  expect(said(consumer, conversationId)).toEqual(['A human will help you'])
  const name = `${PREFIX}pipes.conversation-limit-checker.max-conv-limit-reached`
  expect(await bot.errors()).toMatchObject([{ name, conversationId }])
})

test('a bot with more conversations than advised goes on, and says what to do', async () => {
  const scene = await anotherScene(server)
  const bot = await givenBot(scene, `callback(null, { messages: ['heard'] })`)
  const read = () => call<Connector>(scene, 'GET', `connectors/${bot.connectorId}`)
  const { userId } = await read()
  const { conversations } = scene.context.messaging
  const given = (count: number) =>
    conversations.changeAgent(scene.accountId, userId, (agent) => ({
      agent: { ...agent, slots: Array.from({ length: count }, (_, nth) => `conversation ${nth}`) },
    }))
  await given(250)
  expect((await read()).conversations).toEqual({ open: 250, advised: 250, limit: 999 })
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, ({ text }) => text === 'heard')
  const { hint, ...counts } = (await read()).conversations
  expect(counts).toEqual({ open: 251, advised: 250, limit: 999 })
  expect(hint).toContain('at most 250 conversations')
  expect(await bot.errors()).toEqual([])
})

test('where the skill to escalate to is gone, the customer is told', async () => {
  const scene = await anotherScene(server)
  const bot = await givenBot(scene, `callback(new Error('no'), null)`)
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await call(scene, 'DELETE', `skills/${bot.escalationId}`)
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, ({ text }) => text === 'Nobody can help you now')
  await scene.clock.advance(0)
  const names = (await bot.errors()).map(({ name }) => name)
  expect(names.toSorted()).toEqual([
    `${PREFIX}aivendor.faas.invoke-lambda`,
    `${PREFIX}connector.messaging.transfer-to-skill`,
  ])
  // A page of them, and the next one.
  const [newest] = await bot.errors('limit=1')
  const older = await bot.errors(`limit=1&beforeId=${newest?.errorId}`)
  expect([newest?.name, older[0]?.name]).toEqual(names)
})

test('where the function was deleted, a human goes on', async () => {
  const scene = await anotherScene(server)
  const bot = await givenBot(scene, `callback(null, { messages: ['unheard'] })`)
  const { vendor } = await call<Connector>(scene, 'GET', `connectors/${bot.connectorId}`)
  if (vendor.kind !== 'function') throw new Error('No function')
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await scene.request(
    'DELETE',
    `/api/account/${scene.accountId}/deployments/${vendor.functionId}?v=1`,
    {
      bearer: scene.adminBearer,
    },
  )
  await call(scene, 'DELETE', `functions/${vendor.functionId}`)
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, ({ text }) => text === 'A human will help you')
  await scene.clock.advance(0)
  const name = `${PREFIX}aivendor.faas.failed-faas-request`
  expect(await bot.errors()).toMatchObject([{ name, conversationId }])
})

test('two failing bots that escalate to each other stop, say so, and go on with the next message', async () => {
  const scene = await anotherScene(server)
  const one = await givenBot(scene, `callback(new Error('no'), null)`, { welcome: true })
  const other = await givenBot(scene, `callback(new Error('no'), null)`, { welcome: true })
  const read = (id: string) => call<Connector>(scene, 'GET', `connectors/${id}`)
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    const { escalation } = await read(from.connectorId)
    const change = { escalation: { ...escalation, skillId: to.skillId } }
    await call(scene, 'PATCH', `connectors/${from.connectorId}`, change)
  }
  const errors = async () => [...(await one.errors()), ...(await other.errors())]
  const stops = async () => {
    const names = (await errors()).map(({ name }) => name)
    return names.filter((name) => name === `${PREFIX}connector.messaging.transfer-to-skill`).length
  }
  const { consumer, conversationId } = await one.consumer()
  await using _ = consumer
  await expect.poll(stops).toBe(1)
  await scene.clock.advance(60_000)
  const first = (await errors()).length
  // Each of ten times, and the one that is kept.
  expect(first).toBe(11)
  expect(said(consumer, conversationId)).toHaveLength(10)

  await consumer.say(conversationId, 'still there?')
  await expect.poll(stops).toBe(2)
  await scene.clock.advance(60_000)
  expect((await errors()).length).toBe(first * 2)
})

test('a node that dies while it changes the skills of a bot has changed nothing, or all', async () => {
  await using real = await startTestServer({ clock: 'system' })
  const bot = await givenBot(real, `callback(null, { messages: ['heard'] })`)
  const read = () => call<Connector>(real, 'GET', `connectors/${bot.connectorId}`)
  const before = await read()
  const skillId = await givenSkill(real)
  await using doomed = await startDoomedNode(real)
  const stop = await stopAt(
    real,
    'outbox',
    `before insert for each row when (new.consumer = 'bot-states')`,
  )
  const path = `/api/v1/accounts/${real.accountId}/connectors/${bot.connectorId}`
  const changing = fetch(`${doomed.url()}${path}`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${real.adminBearer}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ skillIds: [skillId] }),
  }).catch(() => undefined)
  await stop.reached()
  await doomed.kill()
  await changing
  await stop.release()
  real.context.store.resyncAll(0)
  await expect.poll(async () => (await read()).skillIds).toEqual(before.skillIds)

  await using consumer = await openConsumerSocket(real)
  const conversationId = await consumer.openConversation({ skillId })
  await consumer.say(conversationId, 'hello')
  await call(real, 'PATCH', `connectors/${bot.connectorId}`, { skillIds: [skillId] })
  await consumer.message(conversationId, ({ text }) => text === 'heard')
})
