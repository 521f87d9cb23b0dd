import { expect, test } from 'vitest'
import { multiplyMessages, openAgentSocket, openConsumerSocket, startTestServer } from '#testing'

test('who follows a dialog of more messages than one answer holds gets the others, too, and those that come meanwhile, each once', async () => {
  await using server = await startTestServer()
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation()
  await consumer.say(conversationId, 'Hello')
  await multiplyMessages(server, conversationId, 10_600)
  await using agent = await openAgentSocket(server, server.admin)
  await using another = await openConsumerSocket(server, { jwt: consumer.jwt })

  await Promise.all([agent.follow(conversationId), another.follow(conversationId)])
  const last = await consumer.say(conversationId, 'Anybody there?')
  for (const socket of [agent, another]) {
    await socket.message(conversationId, ({ sequence }) => sequence === last)
    const sequences = socket.messages(conversationId).map(({ sequence }) => sequence)
    expect(sequences).toEqual(Array.from({ length: last + 1 }, (_, sequence) => sequence))
  }
})
