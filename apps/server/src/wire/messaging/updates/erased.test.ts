import { afterAll, beforeAll, expect, test } from 'vitest'
import { servedConversation, startTestServer, type TestServer } from '#testing'

/** The consumer is on one node, agents on the other. */
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

test('who has subscribed to a closed conversation is told when it is erased, on every node', async () => {
  await using on = await servedConversation(server)
  const { agent, consumer, conversationId } = on
  const conversationField = { field: 'Stage', conversationState: 'CLOSE' }
  await consumer.request('cm.UpdateConversationField', { conversationId, conversationField })
  await agent.until(() => agent.details(conversationId).stage === 'CLOSE', 'the close')
  await on.admin('POST', 'erasures', { consumerId: consumer.consumerId })
  for (const socket of [agent, consumer]) {
    const told = await socket.heard(
      ({ type, body: of }) =>
        type.endsWith('ExConversationChangeNotification') && of.changes[0]?.type === 'DELETE',
      'the end of it',
    )
    expect(told.body.changes).toMatchObject([
      {
        result: {
          convId: conversationId,
          effectiveTTR: -1,
          conversationDetails: { state: 'CLOSE', stage: 'CLOSE', dialogs: [] },
        },
      },
    ])
  }
})
