import type { User } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type AgentSocket,
  anotherScene,
  call,
  givenFunction,
  givenSkill,
  liveChatAccount,
  openConsumerSocket,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import { type BotScene, givenBot, PREFIX } from './connectors.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** Somebody who may log in and never gets a conversation. */
const ANALYST = {
  loginName: 'analyst',
  password: 'words of an analyst 12',
  nickname: 'Kim',
  role: 'campaign-manager',
  skillIds: [],
}

async function givenAnalyst(scene: Scene): Promise<string> {
  return (await call<User>(scene, 'POST', 'users', ANALYST)).userId
}

/** A conversation of this skill that an agent has. */
async function givenServed(bot: BotScene, skillId: string) {
  const agent = await bot.agent([skillId])
  const consumer = await openConsumerSocket(bot.scene)
  const conversationId = await consumer.openConversation({ skillId })
  await agent.accept(conversationId)
  return { agent, consumer, conversationId }
}

test('a function that names somebody who handles no conversations takes none from its agent', async () => {
  const scene = await anotherScene(server)
  const bot = await givenBot(scene, `callback(null, { messages: ['hi'] })`)
  const userId = await givenAnalyst(scene)
  const skillId = await givenSkill(scene)
  const ttr = 'controllerbot_messaging_ttr'
  await givenFunction(scene, ttr, `callback(null, { type: 'transfer', agentId: '${userId}' })`)
  const { agent, consumer, conversationId } = await givenServed(bot, skillId)
  await using _agent = agent
  await using _consumer = consumer

  const conversationField = { field: 'TTRField', ttrType: 'URGENT' }
  await consumer.request('cm.UpdateConversationField', { conversationId, conversationField })
  await scene.clock.advance(0)
  const { invocations } = await call<{ invocations: { commands: object[] }[] }>(
    scene,
    'GET',
    `invocations?eventId=${ttr}`,
  )
  expect(invocations.flatMap(({ commands }) => commands)).toContainEqual({
    type: 'transfer',
    applied: false,
    reason: `No agent "${userId}"`,
  })
  expect(consumer.details(conversationId)?.participants).toContainEqual(
    expect.objectContaining({ role: 'ASSIGNED_AGENT' }),
  )
})

test('a bot that names such a user only cannot transfer, and a human goes on', async () => {
  const scene = await anotherScene(server)
  const userId = await givenAnalyst(scene)
  const context = { action: 'TRANSFER', actionParameters: { agentId: userId } }
  const answer = JSON.stringify({ messages: ['bye'], context })
  const bot = await givenBot(scene, `callback(null, ${answer})`)
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, ({ text }) => text === 'A human will help you')
  await scene.clock.advance(0)
  expect((await bot.errors()).map(({ name }) => name)).toEqual([
    `${PREFIX}pipes.chat-handle-bot-action.transfer-skill-not-existing`,
  ])
})

test.each([
  ['user id, as a number', ({ userId }: AgentSocket) => Number(userId)],
  ['account and user id', ({ oldId }: AgentSocket) => oldId],
  ['pid', ({ pid }: AgentSocket) => pid],
])('a bot proposes an agent by its %s', async (_what, idOf) => {
  const scene = await anotherScene(server)
  const bot = await givenBot(
    scene,
    `const agentId = JSON.parse(input.payload.message)
    callback(null, { context: { action: 'TRANSFER', actionParameters: { agentId } } })`,
  )
  await using agent = await bot.agent()
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await consumer.say(conversationId, JSON.stringify(idOf(agent)))
  await agent.accept(conversationId)
  await scene.clock.advance(0)
  expect(await bot.errors()).toEqual([])
})

test('an agent cannot propose such a user', async () => {
  const scene = await anotherScene(server)
  const bot = await givenBot(scene, `callback(null, { messages: ['hi'] })`)
  const userId = await givenAnalyst(scene)
  const { agent, consumer, conversationId } = await givenServed(bot, await givenSkill(scene))
  await using _agent = agent
  await using _consumer = consumer
  const of = { field: 'ParticipantsChange', role: 'ASSIGNED_AGENT' }
  const conversationField = [
    { ...of, type: 'REMOVE' },
    { ...of, type: 'SUGGEST', userId },
  ]
  const answer = await agent.request('cm.UpdateConversationField', {
    conversationId,
    conversationField,
  })
  expect(answer.code).toBe(404)
  expect(consumer.details(conversationId)?.participants).toContainEqual(
    expect.objectContaining({ role: 'ASSIGNED_AGENT' }),
  )
})

test('a live chat is not offered to such a user', async () => {
  const account = await liveChatAccount(server)
  const created = await account.admin('POST', '/users', ANALYST)
  const agentId = created.json<User>().userId
  const { chatId } = await account.accepted()
  const refused = await account.john('POST', `/chats/${chatId}/transfer`, { agentId })
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(`No agent`)])
})
