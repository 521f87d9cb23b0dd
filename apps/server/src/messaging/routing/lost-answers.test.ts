import { afterAll, expect, test } from 'vitest'
import { openAgentSocket, startTestServer, twoNodeAccount } from '#testing'

const server = await startTestServer({ nodes: 2 })
afterAll(() => server[Symbol.asyncDispose]())

test('an answer to a ring that is sent again, as the answer was lost, is answered as before', async () => {
  const on = await twoNodeAccount(server)
  await using agent = await on.newAgent()
  await using consumer = await on.newConsumer()
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  const answerTwice = async (body: { ringId: string; ringState: string }) => {
    const first = await agent.request('.ams.routing.UpdateRingState', body)
    const second = await agent.request('.ams.routing.UpdateRingState', body)
    expect(first.code).toBe(200)
    expect([second.code, second.body]).toEqual([first.code, first.body])
  }
  const refused = await agent.ring(conversationId)
  await answerTwice({ ringId: refused, ringState: 'REJECTED' })
  const ringId = await agent.ring(conversationId, new Set([refused]))
  await answerTwice({ ringId, ringState: 'ACCEPTED' })
  const turned = { ringId, ringState: 'REJECTED' }
  expect((await agent.request('.ams.routing.UpdateRingState', turned)).code).toBe(409)
})

test('an agent who is suggested again, as the answer was lost, is still rung, and takes it by that ring', async () => {
  const on = await twoNodeAccount(server)
  await using agent = await on.newAgent()
  await using manager = await openAgentSocket(on.here, on.account.admin)
  await using consumer = await on.newConsumer()
  const made = await on.admin('POST', 'skills', { name: 'Nobody has it' })
  const { skillId } = made.json<{ skillId: string }>()
  const conversationId = await consumer.openConversation({ skillId })
  const suggest = {
    field: 'ParticipantsChange',
    type: 'SUGGEST',
    role: 'ASSIGNED_AGENT',
    userId: agent.oldId,
  }
  const skill = { field: 'Skill', type: 'UPDATE', skill: skillId }
  await agent.goOnline()
  await manager.update(conversationId, suggest)
  const ringId = await agent.ring(conversationId)
  await manager.update(conversationId, suggest)
  await manager.update(conversationId, suggest, skill)
  const order = { action: 'agent', agentId: agent.userId }
  const ordered = await on.admin('POST', `conversations/${conversationId}/routing`, order)
  expect(ordered.status).toBe(200)

  const answer = { ringId, ringState: 'ACCEPTED' }
  expect(await agent.request('.ams.routing.UpdateRingState', answer)).toMatchObject({ code: 200 })
})
