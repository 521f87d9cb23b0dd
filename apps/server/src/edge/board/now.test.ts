import type { BoardAgent, BoardConversation, BoardQueue } from '@parley/contract'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import {
  anotherScene,
  call,
  givenSkill,
  liveChatAccount,
  openAgentSocket,
  openConsumerSocket,
  openEventSource,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ wallClock: 'system' })
})
afterAll(() => server[Symbol.asyncDispose]())

interface Board {
  queues: BoardQueue[]
  agents: BoardAgent[]
  conversations: BoardConversation[]
  open: number
  waiting: number
  found: number
  risks: Record<'late' | 'urgent' | 'idle' | 'any', number>
}

const board = (scene: Scene, query = '') => call<Board>(scene, 'GET', `board${query}`)
const order = (scene: Scene, conversationId: string, body: object, bearer = scene.adminBearer) =>
  scene.request(
    'POST',
    `/api/v1/accounts/${scene.accountId}/conversations/${conversationId}/routing`,
    {
      bearer,
      body,
    },
  )

/** One conversation that an agent has, and two that wait in a skill that nobody has, one of them urgent. */
async function busyScene() {
  const scene = await anotherScene(server)
  const opened = new AsyncDisposableStack()
  onTestFinished(() => opened.disposeAsync())
  const consumer = async () => opened.use(await openConsumerSocket(scene))
  const agent = opened.use(await openAgentSocket(scene, scene.agents[0]!))
  await agent.goOnline()
  const lonely = await givenSkill(scene)
  const first = await consumer()
  await first.request('userprofile.SetUserProfile', { firstName: 'Grace', lastName: 'Hopper' })
  const served = await first.openConversation({ skillId: '1001' })
  await agent.accept(served)
  const waiting = await (await consumer()).openConversation({ skillId: lonely })
  const hurried = await consumer()
  const urgent = await hurried.openConversation({ skillId: lonely, ttrDefName: 'URGENT' })
  await hurried.say(urgent, 'please hurry')
  return { scene, agent, lonely, served, waiting, urgent }
}

test('the board shows queues, agents with their load, and the conversations at risk first', async () => {
  const { scene, agent, lonely, served, waiting, urgent } = await busyScene()
  const now = await board(scene)
  expect(now).toMatchObject({ open: 3, found: 3 })
  expect(now.queues.find(({ skillId }) => skillId === lonely)).toMatchObject({
    waiting: 2,
    late: 0,
    withPeople: 0,
    targetMs: 3_600_000,
  })
  expect(now.queues.find(({ skillId }) => skillId === '1001')).toMatchObject({
    waiting: 0,
    withPeople: 1,
  })
  expect(now.agents.find(({ userId }) => userId === agent.userId)).toMatchObject({
    availability: 'ONLINE',
    since: new Date(scene.clock.now()).toISOString(),
    slots: 1,
    chats: 0,
  })
  expect(now.conversations.find(({ id }) => id === served)).toMatchObject({
    agentId: agent.userId,
    channel: 'messaging',
    consumerName: 'Grace Hopper',
  })
  expect(now.conversations.find(({ id }) => id === waiting)).toMatchObject({ consumerName: '' })

  await scene.clock.advance(3_700_000)
  const later = await board(scene)
  expect(later.risks.late).toBeGreaterThanOrEqual(2)
  expect((await board(scene, '?risk=waiting&limit=1')).found).toBe(2)
  const late = await board(scene, `?risk=late&skillId=${lonely}`)
  expect(late.conversations.map(({ id }) => id).toSorted()).toEqual([waiting, urgent].toSorted())
  expect((await board(scene, `?agentId=${agent.userId}`)).conversations).toMatchObject([
    { id: served },
  ])
})

test('live chats stand on the board beside conversations', async () => {
  const account = await liveChatAccount(server)
  const chat = await account.accepted({ text: 'Hello', name: 'Ada Lovelace' })
  const waiting = await account.start({ text: 'Anybody?' })
  const reply = await account.admin('GET', '/board')
  const { conversations, agents, queues } = reply.json<Board>()
  expect(conversations.find(({ id }) => id === chat.chatId)).toMatchObject({
    channel: 'chat',
    consumerName: 'Ada Lovelace',
    agentId: account.johnId,
  })
  expect(conversations.find(({ id }) => id === waiting.chatId)).toHaveProperty('waitingSince')
  expect(agents.find(({ userId }) => userId === account.johnId)).toMatchObject({ chats: 1 })
  expect(queues).toMatchObject([{ skillId: account.careSkillId, waiting: 1, withPeople: 1 }])
})

test('a supervisor takes a conversation over, gives it away, moves it, makes it urgent and closes it', async () => {
  const { scene, agent, served } = await busyScene()
  const first = new Set([await agent.ring(served)])
  const caller = await call<{ id: string }>(scene, 'GET', 'caller')

  const taken = await order(scene, served, { action: 'take' })
  expect(taken.json()).toMatchObject({ state: 'OPEN', assignedAgentId: caller.id })
  expect((await board(scene)).agents.find(({ userId }) => userId === agent.userId)).toMatchObject({
    slots: 0,
  })

  await order(scene, served, { action: 'agent', agentId: agent.userId })
  const ringId = await agent.ring(served, first)
  await agent.request('.ams.routing.UpdateRingState', { ringId, ringState: 'ACCEPTED' })
  const { conversations: given } = await board(scene, `?agentId=${agent.userId}`)
  expect(given.map(({ id }) => id)).toEqual([served])
  const back = await order(scene, served, { action: 'queue' })
  expect(back.json<object>()).not.toHaveProperty('assignedAgentId')
  const moved = await order(scene, served, { action: 'skill', skillId: '1002' })
  expect(moved.json()).toMatchObject({ skillId: '1002' })
  await order(scene, served, { action: 'urgent' })
  const { conversations } = await board(scene, '?risk=urgent')
  expect(conversations.map(({ id }) => id)).toContain(served)
  const closed = await order(scene, served, { action: 'close' })
  expect(closed.json()).toMatchObject({ state: 'CLOSE' })
  expect((await order(scene, served, { action: 'take' })).status).toBe(409)
  expect((await order(scene, served, { action: 'agent', agentId: 'nobody' })).status).toBe(404)
})

test.each([{ action: 'queue' }, { action: 'skill', skillId: '1001' }])(
  'the order $action ends that a conversation waits for one agent alone',
  async (body) => {
    const scene = await anotherScene(server)
    await using here = await openAgentSocket(scene, scene.agents[0]!)
    await using away = await openAgentSocket(scene, scene.agents[1]!)
    await using consumer = await openConsumerSocket(scene)
    await here.goOnline()
    await away.goOnline('AWAY')
    const conversationId = await consumer.openConversation({ skillId: '1001' })
    const before = new Set([await here.ring(conversationId)])
    await order(scene, conversationId, { action: 'agent', agentId: away.userId })
    await here.until(() => here.details(conversationId)?.dialogs[0].participantsDetails.length > 1)

    expect((await order(scene, conversationId, body)).status).toBe(200)
    await here.ring(conversationId, before)
    const shown: { dialogs: [{ participantsDetails: object[] }] } = here.details(conversationId)
    expect(shown.dialogs[0].participantsDetails).not.toContainEqual(
      expect.objectContaining({ state: 'SUGGESTED' }),
    )
  },
)

test('a consumer whose conversation is taken over is told of an agent, and not to wait for one', async () => {
  const scene = await anotherScene(server)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await using consumer = await openConsumerSocket(scene)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  const connected = () =>
    consumer.messages(conversationId).filter(({ text }) => text?.includes('connected to an agent'))
  await consumer.message(conversationId, () => connected().length === 1)
  expect((await order(scene, conversationId, { action: 'take' })).status).toBe(200)
  await consumer.message(conversationId, () => connected().length === 2)
  const waits = ({ text }: { text?: string | undefined }) =>
    text?.includes('next free agent') ?? false
  expect(consumer.messages(conversationId).filter(waits)).toEqual([])
  expect((await order(scene, conversationId, { action: 'queue' })).status).toBe(200)
  await consumer.message(conversationId, waits)
})

test('a supervisor sets an agent away, who is asked for nothing then, and online again', async () => {
  const scene = await anotherScene(server)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await using consumer = await openConsumerSocket(scene)
  await agent.goOnline()
  const set = async (userId: string, availability: string, bearer = scene.adminBearer) => {
    const path = `/api/v1/accounts/${scene.accountId}/agents/${userId}/availability`
    return (await scene.request('PUT', path, { bearer, body: { availability } })).status
  }
  const states = async () =>
    Object.fromEntries(
      (await board(scene)).agents.map(({ userId, availability }) => [userId, availability]),
    )

  expect(await set(agent.userId, 'AWAY', agent.bearer)).toBe(403)
  expect(await set(agent.userId, 'AWAY')).toBe(204)
  expect(await set(agent.userId, 'AWAY')).toBe(204)
  expect((await states())[agent.userId]).toBe('AWAY')
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await expect.poll(async () => (await board(scene)).waiting).toBe(1)
  expect((await board(scene)).agents).toMatchObject([{ slots: 0 }])
  expect(await set(agent.userId, 'ONLINE')).toBe(204)
  await agent.ring(conversationId)

  expect(await set(agent.userId, 'OFFLINE')).toBe(400)
  expect(await set('nobody', 'AWAY')).toBe(404)
  await agent.request('.ams.routing.SetAgentState', { availability: 'OFFLINE' })
  expect(await set(agent.userId, 'AWAY')).toBe(409)
})

test('a supervisor gives a live chat to another skill, and to another agent', async () => {
  const account = await liveChatAccount(server)
  const { chatId } = await account.accepted({ text: 'Hello' })
  const give = async (ask: typeof account.admin, body: object) =>
    (await ask('POST', `/chats/${chatId}/transfer`, body)).status
  expect(await give(account.jane, { skillId: account.returnsSkillId })).toBe(403)
  expect(await give(account.admin, { agentId: account.johnId })).toBe(400)
  expect(await give(account.admin, { skillId: account.returnsSkillId })).toBe(200)
  expect(await give(account.admin, { agentId: account.johnId })).toBe(200)
  expect((await account.jane('POST', `/chats/${chatId}/accept`)).status).toBe(403)
  expect((await account.john('POST', `/chats/${chatId}/accept`)).status).toBe(200)
  const [shown] = (await account.admin('GET', '/board')).json<Board>().conversations
  expect(shown).toMatchObject({ agentId: account.johnId, skillId: account.returnsSkillId })
  expect((await account.admin('POST', `/chats/${chatId}/end`)).status).toBe(200)
  expect(await give(account.admin, { agentId: account.janeId })).toBe(409)
})

test('who only serves conversations may neither see the board nor order others', async () => {
  const { scene, agent, served } = await busyScene()
  expect((await order(scene, served, { action: 'take' }, agent.bearer)).status).toBe(403)
  const refused = await scene.request('GET', `/api/v1/accounts/${scene.accountId}/board`, {
    bearer: agent.bearer,
  })
  expect(refused.status).toBe(403)
})

test('a supervisor is told when the board has changed, by conversations and by chats', async () => {
  const scene = await anotherScene(server)
  const { accountId, adminBearer } = scene
  const source = await openEventSource(
    `${server.url}/api/v1/accounts/${accountId}/updates?topics=board`,
    { authorization: `Bearer ${adminBearer}` },
  )
  onTestFinished(() => source[Symbol.dispose]())
  await source.until(({ event }) => event === 'ready')
  const told = () => source.events.filter(({ event }) => event === 'changed')
  const body = { skillId: '1001', text: 'Hello' }
  const chats = `/api/v1/accounts/${accountId}/consumer/chats`
  expect((await scene.request('POST', chats, { body })).status).toBe(201)
  await expect.poll(() => told().length).toBe(1)
  await using consumer = await openConsumerSocket(scene)
  await consumer.openConversation({ skillId: '1001' })
  await expect.poll(() => told().length).toBeGreaterThan(1)
  expect(told().every(({ json }) => json['topic'] === 'board' && !('id' in json))).toBe(true)
})
