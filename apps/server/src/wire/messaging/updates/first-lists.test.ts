import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import {
  type AgentSocket,
  anotherScene,
  call,
  type ConsumerSocket,
  givenSkill,
  lockTable,
  openAgentSocket,
  openConsumerSocket,
  type Scene,
  startTestServer,
  type TestServer,
  twoNodeAccount,
} from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** The next read of this kind has its result, and gives it away only when it may. */
function heldRead(scene: Scene, name: 'getConversation' | 'readConversations') {
  const { reading } = scene.context.messaging
  const original: (...given: unknown[]) => Promise<unknown> = reading[name] as never
  const [isRead, mayGoOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const spy = vi.spyOn(reading, name)
  onTestFinished(() => spy.mockRestore())
  spy.mockImplementationOnce((async (...given: unknown[]) => {
    const found = await original(...given)
    isRead.resolve()
    await mayGoOn.promise
    return found
  }) as never)
  return { isRead: isRead.promise, goOn: mayGoOn.resolve }
}

interface Change {
  type: string
  result: { convId?: string }
}

const changesOf = (agent: AgentSocket, subscriptionId: string): Change[][] =>
  agent.notifications
    .filter(({ body }) => body?.subscriptionId === subscriptionId)
    .map(({ body }) => body.changes)

const close = (consumer: ConsumerSocket, conversationId: string) =>
  consumer.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })

const subscribeRings = (agent: AgentSocket) =>
  agent.request('.ams.routing.SubscribeRoutingTasks', { agentId: agent.oldId })

test('a ring that ends while the rings are read for a subscription is not in its first list', async () => {
  const scene = await anotherScene(server)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await using consumer = await openConsumerSocket(scene)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.ring(conversationId)

  const read = heldRead(scene, 'getConversation')
  const subscribed = subscribeRings(agent)
  await read.isRead
  await close(consumer, conversationId)
  await agent.until(() => agent.details(conversationId)?.state === 'CLOSE', 'the end')
  read.goOn()

  const { subscriptionId } = (await subscribed).body
  await agent.until(() => changesOf(agent, subscriptionId).length > 0, 'the first list')
  expect(changesOf(agent, subscriptionId)).toEqual([[]])
})

test('a ring that begins while the rings are read for a subscription is notified once, after the answer', async () => {
  const scene = await anotherScene(server)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await using consumer = await openConsumerSocket(scene)
  await using another = await openConsumerSocket(scene)
  await agent.goOnline()
  await agent.ring(await consumer.openConversation({ skillId: '1001' }))

  const read = heldRead(scene, 'getConversation')
  const subscribed = subscribeRings(agent)
  await read.isRead
  const conversationId = await another.openConversation({ skillId: '1001' })
  const rings = () =>
    agent.details(conversationId) &&
    scene.context.messaging.reading.peekConversation(scene.accountId, conversationId)?.state.rings
  await expect.poll(rings).toMatchObject([{ state: 'WAITING' }])
  // Requests about a conversation do not wait for the subscription.
  await agent.follow(conversationId)
  const before = agent.notifications.length
  read.goOn()

  const { subscriptionId } = (await subscribed).body
  await agent.until(() => changesOf(agent, subscriptionId).length > 0, 'the first list')
  await agent.request('.GetClock', {})
  const isRing = ({ result }: Change) =>
    (result as { conversationId?: string }).conversationId === conversationId
  expect(changesOf(agent, subscriptionId).flat().filter(isRing)).toHaveLength(1)
  const early = agent.notifications.slice(0, before)
  expect(early.filter(({ body }) => body?.subscriptionId === subscriptionId)).toEqual([])
})

test('a list that is read for long brings nothing back that its client was told the end of', async () => {
  const scene = await anotherScene(server)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await using consumer = await openConsumerSocket(scene)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  const known = new Set(agent.notifications.map(({ body }) => body?.subscriptionId))

  const read = heldRead(scene, 'readConversations')
  const subscribed = agent.request('.ams.aam.SubscribeExConversations', { convState: ['OPEN'] })
  await read.isRead
  const skillIds = ['1001', await givenSkill(scene)]
  await call(scene, 'PATCH', `users/${agent.userId}`, { skillIds })
  const told = () =>
    agent.notifications
      .filter(({ type }) => type === '.ams.aam.ExConversationChangeNotification')
      .filter(({ body }) => !known.has(body.subscriptionId))
      .flatMap(({ body }) => body.changes as Change[])
      .filter(({ result }) => result.convId === conversationId)
      .map(({ type }) => type)
  await agent.until(() => told().length > 0, 'the list by the new rights')
  await close(consumer, conversationId)
  await agent.until(() => told().includes('DELETE'), 'the end')
  read.goOn()

  await subscribed
  // Its answer comes after what is sent for the list.
  await subscribeRings(agent)
  expect(told().slice(told().indexOf('DELETE'))).toEqual(['DELETE'])
})

test('an agent subscribes to rings also where a conversation that rang is gone', async () => {
  const scene = await anotherScene(server)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await using consumer = await openConsumerSocket(scene)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.ring(conversationId)
  // The first half of an erasure: the agent's slot is freed by the second.
  const { store, messaging } = scene.context
  await store.db.deleteFrom('conversation').where('conversationId', '=', conversationId).execute()
  messaging.reading.documents.forget('conversation', scene.accountId, conversationId)

  const { code, body } = await subscribeRings(agent)
  expect(code).toBe(200)
  await agent.until(() => changesOf(agent, body.subscriptionId).length > 0, 'the first list')
  expect(changesOf(agent, body.subscriptionId)).toEqual([[]])
})

test('a ring that waits is in the first list of an agent who comes to a node that has not heard of it', async () => {
  await using nodes = await startTestServer({ nodes: 2 })
  const on = await twoNodeAccount(nodes)
  const { accountId } = on
  await using consumer = await on.newConsumer()
  await using agent = await openAgentSocket(on.here, on.agents[0]!)
  await agent.goOnline()
  const { documents } = nodes.contexts[1]!.messaging.reading
  const before = (await documents.find('agent', accountId, agent.userId))!
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.ring(conversationId)
  // As if the other node had rung: nobody of the account is here, so that this one does not hear of it.
  documents.forget('agent', accountId, agent.userId)
  documents.keep('agent', accountId, agent.userId, before)
  // The agent has not been noted to be here yet.
  await using _locked = await lockTable(nodes, 'document', { for: 'writers' })

  await using again = await openAgentSocket(on.there, agent)
  await subscribeRings(again)
  const told = await again.heard(({ type }) => type === '.ams.routing.RoutingTaskNotification')
  expect(told.body.changes).toMatchObject([{ type: 'UPSERT', result: { conversationId } }])
})
