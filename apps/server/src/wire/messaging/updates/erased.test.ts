import { afterAll, beforeAll, expect, test } from 'vitest'
import { breakListening, servedConversation, startTestServer, type TestServer } from '#testing'

/** The consumer is on one node, agents on the other. */
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

type Served = Awaited<ReturnType<typeof servedConversation>>

async function close({ agent, consumer, conversationId }: Served): Promise<void> {
  const conversationField = { field: 'Stage', conversationState: 'CLOSE' }
  await consumer.request('cm.UpdateConversationField', { conversationId, conversationField })
  await agent.until(() => agent.details(conversationId).stage === 'CLOSE', 'the close')
}

async function expectDelete({ agent, consumer, conversationId }: Served): Promise<void> {
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
}

test('who has subscribed to a closed conversation is told when it is erased, on every node', async () => {
  await using on = await servedConversation(server)
  await close(on)
  await on.admin('POST', 'erasures', { consumerId: on.consumer.consumerId })
  await expectDelete(on)
})

test('who has subscribed is told also when the node that erased it was killed before it could tell the others', async () => {
  await using on = await servedConversation(server)
  await close(on)
  const { db } = server.context.store
  await db.deleteFrom('message').where('conversationId', '=', on.conversationId).execute()
  await db.deleteFrom('conversation').where('conversationId', '=', on.conversationId).execute()
  await breakListening(server)
  await expectDelete(on)
})
