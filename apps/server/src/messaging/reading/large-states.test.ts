import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { liveBytes, openConsumerSocket, startTestServer } from '#testing'

const CONVERSATIONS = 150
/** Of the texts of a card that is nearly as long as a frame may be. */
const CARD_BYTES = 235_000

const elements = Array.from({ length: 47 }, () => ({ type: 'text', text: 'x'.repeat(5000) }))
const event = { type: 'RichContentEvent', content: { type: 'vertical', elements } }

test('large cards in many conversations do not stay in memory', async () => {
  await using server = await startTestServer()
  const { db } = server.context.store
  const opened: { jwt: string; conversationId: string }[] = []
  for (let one = 0; one < CONVERSATIONS; one += 1) {
    await using consumer = await openConsumerSocket(server)
    const conversationId = await consumer.openConversation()
    opened.push({ jwt: consumer.jwt, conversationId })
    await consumer.say(conversationId, 'Hello')
  }
  const before = liveBytes()

  const holdsCard = async (conversationId: string) => {
    const found = await sql<{ characters: number }>`
      select length(body::text) as characters from message m join conversation c using (account_id, conversation_id)
        where c.conversation_id = ${conversationId} and m.dialog_id = c.state->'lastContentPlace'->>'dialogId'
          and m.sequence = (c.state->'lastContentPlace'->>'sequence')::bigint`.execute(db)
    return (found.rows[0]?.characters ?? 0) > CARD_BYTES
  }
  for (const { jwt, conversationId } of opened) {
    await using consumer = await openConsumerSocket(server, { jwt })
    // An automatic message may be the last one instead.
    await expect
      .poll(async () => {
        await consumer.request('ms.PublishEvent', { dialogId: conversationId, event })
        return holdsCard(conversationId)
      })
      .toBe(true)
  }

  // Unbounded they are 36 MB, and bounded at most 15.
  await expect.poll(() => liveBytes() - before).toBeLessThan(24_000_000)
  const [{ jwt, conversationId } = { jwt: '', conversationId: '' }] = opened
  await using consumer = await openConsumerSocket(server, { jwt })
  expect(await consumer.say(conversationId, 'Still there?')).toBeGreaterThan(0)
})
