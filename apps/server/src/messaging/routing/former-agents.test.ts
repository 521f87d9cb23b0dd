import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
  type TestServer,
} from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test.each([
  ['is deleted', 'DELETE', undefined],
  ['is disabled', 'PATCH', { enabled: false }],
  ['handles no conversations any more', 'PATCH', { role: 'campaign-manager', profiles: [] }],
])('the conversations of an agent who %s wait for others', async (_what, method, change) => {
  const scene = await anotherScene(server)
  await using former = await openAgentSocket(scene, scene.agents[0]!)
  await using served = await openConsumerSocket(scene)
  await using rings = await openConsumerSocket(scene)
  await former.goOnline()
  const conversationId = await served.openConversation({ skillId: '1001' })
  await former.accept(conversationId)
  const ringing = await rings.openConversation({ skillId: '1001' })
  await former.ring(ringing)
  await using other = await openAgentSocket(scene, scene.agents[1]!)
  await other.goOnline()

  await call(scene, method, `users/${former.userId}`, change)
  await other.accept(conversationId)
  await other.accept(ringing)
  expect(other.details(conversationId).participants.ASSIGNED_AGENT).toEqual([other.oldId])
  const { slots } = await server.context.messaging.routing.findAgent(scene.accountId, former.userId)
  expect(slots).toEqual([])
})

test.each([
  ['is deleted', 'DELETE', undefined],
  ['is disabled', 'PATCH', { enabled: false }],
])(
  'a conversation that waits for an agent who %s waits for others',
  async (_what, method, change) => {
    const scene = await anotherScene(server)
    await using former = await openAgentSocket(scene, scene.agents[1]!)
    await using agent = await openAgentSocket(scene, scene.agents[0]!)
    await using consumer = await openConsumerSocket(scene)
    await agent.goOnline()
    const conversationId = await consumer.openConversation({ skillId: '1001' })
    await agent.accept(conversationId)
    const of = { field: 'ParticipantsChange', role: 'ASSIGNED_AGENT' }
    await agent.update(
      conversationId,
      { ...of, type: 'REMOVE' },
      { ...of, type: 'SUGGEST', userId: former.oldId },
    )

    await call(scene, method, `users/${former.userId}`, change)
    const first = await agent.ring(conversationId)
    await agent.ring(conversationId, new Set([first]))
  },
)

test('who handles conversations no more is not rung, also in the moments before it counts as gone', async () => {
  const scene = await anotherScene(server)
  await using former = await openAgentSocket(scene, scene.agents[0]!)
  await using consumer = await openConsumerSocket(scene)
  await former.goOnline()
  const change = { role: 'campaign-manager', profiles: [] }
  await call(scene, 'PATCH', `users/${former.userId}`, change)
  await consumer.openConversation({ skillId: '1001' })
  await scene.clock.advance(0)
  const { slots } = await server.context.messaging.routing.findAgent(scene.accountId, former.userId)
  expect(slots).toEqual([])
})

test('what is known of an agent goes with its user', async () => {
  const scene = await anotherScene(server)
  await using former = await openAgentSocket(scene, scene.agents[0]!)
  await using consumer = await openConsumerSocket(scene)
  await former.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await former.accept(conversationId)
  const known = () =>
    server.context.store.db
      .selectFrom('document')
      .select('state')
      .where('accountId', '=', scene.accountId)
      .where('kind', '=', 'agent')
      .where('id', '=', former.userId)
      .execute()
  expect(await known()).toHaveLength(1)

  await call(scene, 'DELETE', `users/${former.userId}`)
  await expect.poll(known).toEqual([])
  await scene.clock.advance(60_000)
  expect(await known()).toEqual([])
})
