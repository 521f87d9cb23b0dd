import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenSkill,
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

/** A skill with a consumer who asks for it, and an agent who has other skills. */
async function stage() {
  const scene = await anotherScene(server)
  const skillId = await givenSkill(scene)
  const consumer = await openConsumerSocket(scene)
  const agent = await openAgentSocket(scene, scene.agents[0]!)
  return {
    scene,
    agent,
    skillId,
    openConversation: () => consumer.openConversation({ skillId }),
    deleteSkill: () => call(scene, 'DELETE', `skills/${skillId}`),
    async [Symbol.asyncDispose]() {
      await Promise.all([consumer, agent].map((socket) => socket[Symbol.asyncDispose]()))
    },
  }
}

test('conversations that wait in a skill that is deleted wait for any agent', async () => {
  await using on = await stage()
  const conversationId = await on.openConversation()
  await on.deleteSkill()
  await on.agent.goOnline()
  await on.agent.accept(conversationId)
  expect(on.agent.details(conversationId).skillId).toBe('-1')
})

test('a conversation that comes back to the queue of a deleted skill waits for any agent', async () => {
  await using on = await stage()
  const { agent } = on
  await call(on.scene, 'PATCH', `users/${agent.userId}`, { skillIds: [on.skillId] })
  await agent.goOnline()
  const conversationId = await on.openConversation()
  await agent.accept(conversationId)
  await on.deleteSkill()
  await on.scene.clock.advance(0)
  expect(agent.details(conversationId).skillId).toBe(on.skillId)

  await using other = await openAgentSocket(on.scene, on.scene.agents[1]!)
  await other.goOnline()
  const role = 'ASSIGNED_AGENT'
  await agent.update(conversationId, { field: 'ParticipantsChange', type: 'REMOVE', role })
  await other.accept(conversationId)
  expect(other.details(conversationId).skillId).toBe('-1')
})
