import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { countWaiting, openConsumerSocket, startTestServer } from '#testing'

test.each(['ms.PublishEvent', '.ams.ms.PublishEvent'])(
  'of messages that have waited for too long, a socket keeps three: %s',
  async (type) => {
    await using server = await startTestServer({ env: { PARLEY_OVERLOAD_MS: '10000' } })
    await using consumer = await openConsumerSocket(server)
    const conversationId = await consumer.openConversation()
    const say = (text: string) =>
      consumer.request(type, {
        dialogId: conversationId,
        event: { type: 'ContentEvent', contentType: 'text/plain', message: text },
      })
    const codes = async (sent: readonly Promise<{ code: number }>[]) =>
      (await Promise.all(sent)).map(({ code }) => code)

    const released = Promise.withResolvers<void>()
    const locked = Promise.withResolvers<void>()
    const { db } = server.context.store
    const holding = db.transaction().execute(async (tx) => {
      await sql`select from conversation where conversation_id = ${conversationId} for update`.execute(
        tx,
      )
      locked.resolve()
      await released.promise
    })
    await locked.promise
    const sent = ['1', '2', '3', '4', '5', '6'].map(say)
    await expect.poll(() => countWaiting(server)).toBe(1)
    server.leap(10_001)
    released.resolve()
    await holding

    // Until one has had its turn, nobody knows how long they wait.
    expect(await codes(sent)).toEqual([200, 503, 503, 200, 200, 200])
    // In time again.
    expect(await codes(['7', '8', '9', '10', '11'].map(say))).toEqual([200, 200, 200, 200, 200])
  },
)
