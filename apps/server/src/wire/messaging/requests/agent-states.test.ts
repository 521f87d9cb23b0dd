import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, openAgentSocket, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test('the state of an agent is told also to who names it by its pid', async () => {
  const scene = await anotherScene(server)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await using watcher = await openAgentSocket(scene, scene.agents[1]!)
  await agent.goOnline()
  const body = { brandId: scene.accountId, agentId: agent.pid }
  const subscribed = await watcher.request('.ams.routing.SubscribeAgentsState', body)
  const { subscriptionId } = subscribed.body
  const states = () =>
    watcher.notifications
      .filter((one) => one.body?.subscriptionId === subscriptionId)
      .map((one) => one.body.changes[0].result.availability as string)
  await watcher.until(() => states().length > 0, 'the present state')
  expect(states()).toEqual(['ONLINE'])
  await agent.request('.ams.routing.SetAgentState', {
    availability: 'AWAY',
    agentUserId: agent.oldId,
  })
  await watcher.until(() => states().at(-1) === 'AWAY', 'the next state')
})

test('what an agent says of its state is told with it, until the state changes', async () => {
  const scene = await anotherScene(server)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await using watcher = await openAgentSocket(scene, scene.agents[1]!)
  await watcher.request('.ams.routing.SubscribeAgentsState', { agentId: agent.oldId })
  const last = () =>
    watcher.notifications
      .filter(({ type }) => type === '.ams.routing.AgentStateNotification')
      .map(({ body }) => body.changes[0].result)
      .at(-1)
  const set = async (body: object) => {
    const answer = await agent.request('.ams.routing.SetAgentState', body)
    expect(answer.code).toBe(200)
  }
  await set({ availability: 'AWAY', description: 'At lunch' })
  await watcher.until(() => last()?.description === 'At lunch', 'the description')
  expect(last()).toMatchObject({ availability: 'AWAY', description: 'At lunch' })
  await set({ availability: 'ONLINE' })
  await watcher.until(() => last().availability === 'ONLINE', 'the next state')
  expect(last().description).toBe('ONLINE')
})
