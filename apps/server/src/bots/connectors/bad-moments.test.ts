import type { Connector } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, call, startTestServer, type TestServer } from '#testing'
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
