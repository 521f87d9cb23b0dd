import { expect, test } from 'vitest'
import { openAgentSocket, openConsumerSocket, startTestServer } from '#testing'

test('a consumer and an agent hold a conversation until the agent closes it', async () => {
  await using server = await startTestServer({ nodes: 2 })
  await using consumer = await openConsumerSocket(server)
  const there = { url: server.urls[1]!, accountId: server.accountId }
  await using agent = await openAgentSocket(there, server.agents[0]!)
  await agent.goOnline()

  const conversationId = await consumer.openConversation({ skillId: '1001' })
  expect(await consumer.say(conversationId, 'Hello')).toBeGreaterThanOrEqual(0)
  await agent.accept(conversationId)
  const heard = await agent.message(conversationId, ({ text }) => text === 'Hello')
  expect(heard.role).toBe('CONSUMER')
  expect(heard.record.originatorPId).toBe(consumer.consumerId)

  await agent.say(conversationId, 'How can I help?')
  const reply = await consumer.message(conversationId, ({ text }) => text === 'How can I help?')
  expect(reply.role).toBe('ASSIGNED_AGENT')
  expect(reply.record.originatorId).toBe(agent.pid)

  await agent.update(conversationId, {
    field: 'ConversationStateField',
    conversationState: 'CLOSE',
  })
  await consumer.until(() => consumer.details(conversationId)?.stage === 'CLOSE', 'the close')
  expect(consumer.details(conversationId)).toMatchObject({ state: 'CLOSE', closeReason: 'AGENT' })
})
