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
