import { expect, test } from 'vitest'
import { call, givenFunction, openConsumerSocket, startTestServer } from '#testing'
import { invocationsOf } from './controller-bot.fixture.ts'

test('on the system clock and two nodes a waiting conversation idles once', async () => {
  await using server = await startTestServer({ clock: 'system', nodes: 2 })
  const timing = { time: 2, timeUnits: 'seconds', repeat: 1 }
  await call(server, 'PUT', 'automatic-messages/CONV_AWAITING_IN_QUEUE', { timing })
  await givenFunction(
    server,
    'controllerbot_messaging_conversation_idle',
    `callback(null, { type: 'systemMessage', text: 'Still waiting' })`,
  )
  const [, url = ''] = server.urls
  const place = { url, accountId: server.accountId }
  await using consumer = await openConsumerSocket(place)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  const idle = await consumer.message(conversationId, ({ text }) => text === 'Still waiting')
  const { startTs } = consumer.details(conversationId)
  expect(idle.record.serverTimestamp - startTs).toBeGreaterThanOrEqual(2_000)
  await expect.poll(() => invocationsOf(server, conversationId)).toHaveLength(1)
})
