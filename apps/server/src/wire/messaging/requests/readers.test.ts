import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAgentSocket, servedConversation, startTestServer, type TestServer } from '#testing'

/** The consumer is on one node, agents on the other. */
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

test('a reader is there, and is not told of as somebody who writes', async () => {
  await using on = await servedConversation(server)
  const { consumer, conversationId, here, agents } = on
  await using reader = await openAgentSocket(here, agents[1]!)
  await reader.update(conversationId, { field: 'ParticipantsChange', type: 'ADD', role: 'READER' })
  const tell = async (chatState: string) => {
    const event = { type: 'ChatStateEvent', chatState }
    const answer = await reader.request('.ams.ms.PublishEvent', { dialogId: conversationId, event })
    return [answer.code, answer.body]
  }
  expect(await tell('COMPOSING')).toEqual([403, 'A reader cannot write'])
  expect(await tell('PAUSE')).toEqual([403, 'A reader cannot write'])
  expect(await tell('ACTIVE')).toEqual([200, { sequence: 0 }])
  await consumer.heard(({ body }) => body?.changes?.[0]?.event?.chatState === 'ACTIVE', 'the state')
})
