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

test('who follows a dialog of long messages gets all of them, in no answer that is too long to be read', async () => {
  await using server = await startTestServer()
  await using consumer = await openConsumerSocket(server)
  const dialogId = await consumer.openConversation()
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' }
  const metadata = [{ type: 'Page', read: 'x'.repeat(19_000) }]
  const said = await consumer.request('ms.PublishEvent', { dialogId, event }, { metadata })
  expect(said.code).toBe(200)
  await multiplyMessages(server, dialogId, 1_000)
  await using agent = await openAgentSocket(server, server.admin)

  const first = await agent.request('.ams.ms.QueryMessages', { dialogId, newerThanSequence: 0 })

  expect(first.code).toBe(200)
  expect(JSON.stringify(first.body).length).toBeLessThan(6_000_000)
  const last = await consumer.say(dialogId, 'Anybody there?')
  await agent.message(dialogId, ({ sequence }) => sequence === last)
  const sequences = agent.messages(dialogId).map(({ sequence }) => sequence)
  expect(sequences).toEqual(Array.from({ length: last + 1 }, (_, sequence) => sequence))
})
