import { expect, test } from 'vitest'
import { call, openAgentSocket, openConsumerSocket, startTestServer } from '#testing'

test('who steps down and stays beside the conversation is rung last, too', async () => {
  await using server = await startTestServer()
  const [ada, ben] = server.agents
  await using first = await openAgentSocket(server, ada!)
  await using second = await openAgentSocket(server, ben!)
  // The second one has less room: as long as nothing else counts, the first one is rung.
  await call(server, 'PATCH', `users/${second.userId}`, { maxSlots: 2 })
  await using busy = await openConsumerSocket(server)
  await second.goOnline()
  await second.accept(await busy.openConversation({ skillId: '1001' }))
  await first.goOnline()
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await first.accept(conversationId)

  await first.update(conversationId, {
    field: 'ParticipantsChange',
    type: 'UPDATE',
    role: 'MANAGER',
    userId: first.oldId,
  })

  await second.accept(conversationId)
  expect(second.details(conversationId)).toMatchObject({
    participants: { ASSIGNED_AGENT: [second.oldId], MANAGER: [first.oldId] },
  })
})
