import { expect, test } from 'vitest'
import { openAgentSocket, openConsumerSocket, startTestServer } from '#testing'

test('a search that finds no agent ends without another version of the conversation', async () => {
  await using server = await startTestServer()
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await server.clock.advance(1000)
  await agent.goOnline('AWAY')
  await server.clock.advance(1000)

  const { version } = await server.context.store.db
    .selectFrom('conversation')
    .select('version')
    .where('conversationId', '=', conversationId)
    .executeTakeFirstOrThrow()
  // It was opened, and the automatic message was written.
  expect(Number(version)).toBe(2)
})
