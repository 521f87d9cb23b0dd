import type { FigureRow } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenFunction,
  type LiveChatAccount,
  liveChatAccount,
  openAgentSocket,
  openConsumerSocket,
  type Reply,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const DAY_MS = 86_400_000
const WELCOME = 'controllerbot_messaging_new_conversation'

interface Figures {
  rows: FigureRow[]
  total: FigureRow
}

function pathOf(name: string, query: Record<string, string> = {}): string {
  const from = new Date(server.clock.now() - DAY_MS).toISOString()
  return `${name}?${new URLSearchParams({ from, ...query }).toString()}`
}

async function managersOf(account: LiveChatAccount, chatId: string) {
  const shown = await account.admin('GET', `/chats/${chatId}`)
  return shown.json<{ chat: { managers: { agentId: string }[] } }>().chat.managers
}

const figures = (scene: Scene, query: Record<string, string> = {}) =>
  call<Figures>(scene, 'GET', pathOf('figures', query))

/** A conversation that a function greets, an agent answers after 12 seconds, has for 42 more, and closes. */
async function servedConversation(scene: Scene) {
  await using consumer = await openConsumerSocket(scene)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await consumer.message(conversationId, ({ role }) => role === 'CONTROLLER')
  await consumer.say(conversationId, 'my order is late')
  await agent.accept(conversationId)
  await scene.clock.advance(12_000)
  await agent.say(conversationId, 'I look')
  await scene.clock.advance(30_000)
  await agent.say(conversationId, 'It is on its way')
  await agent.update(conversationId, { field: 'Skill', type: 'UPDATE', skill: '1002' })
  await agent.update(conversationId, {
    field: 'ConversationStateField',
    conversationState: 'CLOSE',
  })
  return { conversationId, agentId: agent.userId, agent }
}

test('figures count what happened in conversations, by skill and by agent', async () => {
  const scene = await anotherScene(server)
  await givenFunction(scene, WELCOME, `callback(null, { type: 'systemMessage', text: 'Hello' })`)
  const { agentId } = await servedConversation(scene)

  const { rows, total } = await figures(scene)
  expect(rows.map(({ key }) => key)).toEqual(['1001', '1002'])
  expect(rows[0]).toMatchObject({
    opened: 1,
    closed: 0,
    transferred: 1,
    answeredByFunction: 1,
    answeredByPerson: 1,
    firstAnswer: { count: 1, averageMs: 12_000, medianMs: 15_000, p90Ms: 15_000 },
    handled: { count: 0 },
  })
  expect(rows[1]).toMatchObject({
    opened: 0,
    closed: 1,
    closedWithoutPerson: 0,
    handled: { count: 1, averageMs: 42_000, medianMs: 45_000 },
  })
  expect(total).toMatchObject({ opened: 1, closed: 1, satisfaction: { count: 0 } })

  const byAgent = await figures(scene, { by: 'agent' })
  expect(byAgent.rows.find(({ key }) => key === agentId)).toMatchObject({
    opened: 0,
    closed: 1,
    transferred: 1,
    firstAnswer: { count: 1 },
    handled: { count: 1 },
  })
  expect(byAgent.rows.find(({ key }) => key === undefined)).toMatchObject({
    opened: 1,
    answeredByFunction: 1,
  })
  const byHour = await figures(scene, { by: 'hour' })
  expect(byHour.rows.reduce((sum, { opened }) => sum + opened, 0)).toBe(1)
  expect(byHour.rows[0]?.key).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00\.000Z$/)
  expect((await figures(scene, { channel: 'chat' })).rows).toEqual([])
})

test('a conversation that only a function has answered closes without a person', async () => {
  const scene = await anotherScene(server)
  await givenFunction(
    scene,
    WELCOME,
    `callback(null, [{ type: 'systemMessage', text: 'We are closed' }, { type: 'closeConversation' }])`,
  )
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation()
  await consumer.message(conversationId, ({ text }) => text === 'We are closed')
  await expect
    .poll(async () => (await figures(scene)).total)
    .toMatchObject({ opened: 1, closed: 1, answeredByFunction: 1, closedWithoutPerson: 1 })
})

test('a rating counts once, for the skill and the agent that had the conversation', async () => {
  const scene = await anotherScene(server)
  await using consumer = await openConsumerSocket(scene)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  const rate = (csatRate: number) =>
    consumer.request('cm.UpdateConversationField', {
      conversationId,
      conversationField: [{ field: 'CSATRate', csatRate, status: 'FILLED' }],
    })
  await rate(4)
  await rate(2)
  const { rows } = await figures(scene, { by: 'agent' })
  expect(rows.find(({ key }) => key === agent.userId)).toMatchObject({
    satisfaction: { count: 1, average: 4 },
  })
})

test('live chats count beside conversations, with the answers to their survey', async () => {
  const account = await liveChatAccount(server)
  const { careSkillId, returnsSkillId, johnId } = account
  const chat = await account.accepted({ text: 'Hello' })
  await server.clock.advance(4_000)
  await account.john('POST', `/chats/${chat.chatId}/lines`, { text: 'Good morning' })
  await account.john('POST', `/chats/${chat.chatId}/transfer`, { skillId: returnsSkillId })
  await account.jane('POST', `/chats/${chat.chatId}/accept`)
  await chat.consumer('POST', '/end')
  await chat.consumer('POST', '/survey', { csatRank: 5 })

  const ask = async (query: Record<string, string>) =>
    (await account.admin('GET', `/${pathOf('figures', query)}`)).json<Figures>()
  const { rows } = await ask({ channel: 'chat' })
  expect(rows.find(({ key }) => key === careSkillId)).toMatchObject({
    opened: 1,
    transferred: 1,
    closed: 0,
    answeredByPerson: 1,
    firstAnswer: { count: 1, averageMs: 4_000 },
    handled: { count: 1 },
  })
  expect(rows.find(({ key }) => key === returnsSkillId)).toMatchObject({
    closed: 1,
    handled: { count: 1 },
    satisfaction: { count: 1, average: 5 },
  })
  const byAgent = await ask({ by: 'agent' })
  expect(byAgent.rows.find(({ key }) => key === johnId)).toMatchObject({ transferred: 1 })
})

test("the answer of a supervisor who has joined a live chat counts as the supervisor's", async () => {
  const account = await liveChatAccount(server)
  const chat = await account.accepted({ text: 'Hello' })
  await account.admin('POST', `/chats/${chat.chatId}/join`)
  await account.admin('POST', `/chats/${chat.chatId}/lines`, { text: 'I take care of it' })

  const reply = await account.admin('GET', `/${pathOf('figures', { by: 'agent' })}`)
  const { rows } = reply.json<Figures>()
  const of = (agentId: string | undefined) => rows.find(({ key }) => key === agentId)
  expect(of(account.johnId)).toBeUndefined()
  const [{ agentId: supervisorId } = { agentId: '' }] = await managersOf(account, chat.chatId)
  expect(of(supervisorId)).toMatchObject({ answeredByPerson: 1, firstAnswer: { count: 1 } })
})

test('figures are exported as CSV, and refused for more than a month', async () => {
  const scene = await anotherScene(server)
  await using consumer = await openConsumerSocket(scene)
  await consumer.openConversation({ skillId: '1001' })
  const get = (path: string): Promise<Reply> =>
    scene.request('GET', `/api/v1/accounts/${scene.accountId}/${path}`, {
      bearer: scene.adminBearer,
    })
  const { text } = await get(pathOf('figures.csv'))
  const [head, first, total] = text.trim().split('\r\n')
  expect(head).toMatch(/^key,opened,closed,.*satisfaction\.average$/)
  expect(first).toMatch(/^1001,1,0,0,/)
  expect(total).toMatch(/^total,1,0,0,/)
  const early = new Date(server.clock.now() - 40 * DAY_MS).toISOString()
  const refused = await get(pathOf('figures', { from: early }))
  expect(refused.status).toBe(400)
  expect(refused.text).toContain('query.from: must be at most 31 days before the end')
})

test('figures are kept as long as metrics, and nothing of another account is counted', async () => {
  const scene = await anotherScene(server)
  const other = await anotherScene(server)
  await using consumer = await openConsumerSocket(scene)
  await consumer.openConversation({ skillId: '1001' })
  expect((await figures(other)).rows).toEqual([])
  const { db } = server.context.store
  const kept = () =>
    db
      .selectFrom('figureMinute')
      .select('count')
      .where('accountId', '=', scene.accountId)
      .where('measure', '=', 'opened')
      .execute()
  expect(await kept()).toEqual([{ count: 1 }])
  await call(scene, 'PATCH', 'settings', { retention: { metricsDays: 1 } })
  await server.clock.advance(3 * DAY_MS)
  await expect.poll(kept).toEqual([])
})

test('a supervisor joins beside the agent, writes to it or to the consumer, and leaves', async () => {
  const scene = await anotherScene(server)
  await using consumer = await openConsumerSocket(scene)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  await using manager = await openAgentSocket(scene, scene.admin)
  const order = (action: string) =>
    call(scene, 'POST', `conversations/${conversationId}/routing`, { action })
  for (let time = 0; time < 2; time += 1) {
    expect(await order('join')).toMatchObject({ assignedAgentId: agent.userId })
  }
  const there = () => agent.details(conversationId).participants
  await expect.poll(there).toMatchObject({
    ASSIGNED_AGENT: [agent.oldId],
    MANAGER: [manager.oldId],
  })
  const whisper = await manager.request('.ams.ms.PublishEvent', {
    dialogId: conversationId,
    messageAudience: 'AGENTS_AND_MANAGERS',
    event: { type: 'ContentEvent', contentType: 'text/plain', message: 'offer a refund' },
  })
  expect(whisper.code).toBe(200)
  await agent.message(conversationId, ({ text }) => text === 'offer a refund')
  await manager.say(conversationId, 'I am her manager')
  const said = await consumer.message(conversationId, ({ text }) => text === 'I am her manager')
  expect(said.role).toBe('MANAGER')
  expect(JSON.stringify(consumer.frames)).not.toContain('offer a refund')

  await order('leave')
  await expect.poll(there).not.toHaveProperty('MANAGER')
  await expect(manager.say(conversationId, 'one more thing')).rejects.toThrow(/participant/)
  // The answer may have been lost.
  expect(await order('leave')).toMatchObject({ assignedAgentId: agent.userId })
})

test('a supervisor who only reads a conversation, or is asked to take it, joins it', async () => {
  const scene = await anotherScene(server)
  await using consumer = await openConsumerSocket(scene)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await using manager = await openAgentSocket(scene, scene.admin)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  const order = (action: string) =>
    call(scene, 'POST', `conversations/${conversationId}/routing`, { action })
  const change = { field: 'ParticipantsChange' }
  const there = () => agent.details(conversationId).participants
  await manager.update(conversationId, { ...change, type: 'ADD', role: 'READER' })
  await order('join')
  await expect.poll(there).toMatchObject({ MANAGER: [manager.oldId] })
  await order('leave')
  await agent.update(
    conversationId,
    { ...change, type: 'REMOVE', role: 'ASSIGNED_AGENT' },
    { ...change, type: 'SUGGEST', role: 'ASSIGNED_AGENT', userId: manager.oldId },
  )
  await order('join')
  await expect.poll(there).toMatchObject({ MANAGER: [manager.oldId] })
})
