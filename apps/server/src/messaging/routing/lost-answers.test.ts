import { expect, test } from 'vitest'
import { startTestServer, twoNodeAccount } from '#testing'

test('an answer to a ring that is sent again, as the answer was lost, is answered as before', async () => {
  await using server = await startTestServer({ nodes: 2 })
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
