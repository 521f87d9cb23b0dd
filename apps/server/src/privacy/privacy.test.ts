import { expect, test } from 'vitest'
import { openConsumerSocket, startTestServer } from '#testing'

test('erasing a consumer takes its conversations, and closes the open one first', async () => {
  await using server = await startTestServer()
  await using consumer = await openConsumerSocket(server)
  const first = await consumer.openConversation()
  await consumer.say(first, 'a secret')
  await consumer.request('userprofile.SetUserProfile', { firstName: 'Grace' })

  const base = `/api/v1/accounts/${server.accountId}/erasures`
  const asked = await server.request('POST', base, {
    bearer: server.adminBearer,
    body: { consumerId: consumer.consumerId },
  })
  expect(asked.status).toBe(202)
  const { erasureId } = asked.json<{ erasureId: string }>()
  await server.clock.advance(0)
  const done = await server.request('GET', `${base}/${erasureId}`, { bearer: server.adminBearer })
  expect(done.json()).toMatchObject({ state: 'done', conversations: 1 })

  const history = await server.request(
    'POST',
    `/messaging_history/api/account/${server.accountId}/conversations/conversation/search`,
    { bearer: server.adminBearer, body: { conversationId: first } },
  )
  expect(history.json()).toMatchObject({ _metadata: { count: 0 } })
  const profile = await consumer.request('userprofile.GetUserProfile')
  expect(profile.body).toEqual({})
  const { db } = server.context.store
  const left = await db.selectFrom('message').select('body').execute()
  expect(JSON.stringify(left)).not.toContain('a secret')
})

test('closed conversations are erased once their retention is over', async () => {
  await using server = await startTestServer()
  await using consumer = await openConsumerSocket(server)
  await server.request('PATCH', `/api/v1/accounts/${server.accountId}/settings`, {
    bearer: server.adminBearer,
    body: { retention: { conversationDays: 2 } },
  })
  const old = await consumer.openConversation()
  await consumer.request('cm.UpdateConversationField', {
    conversationId: old,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })
  const open = await consumer.openConversation()
  const left = async () => {
    const rows = await server.context.store.db
      .selectFrom('conversation')
      .select('conversationId')
      .execute()
    return rows.map(({ conversationId }) => conversationId)
  }
  await server.clock.advance(24 * 3600_000)
  expect(await left()).toEqual(expect.arrayContaining([old, open]))
  await server.clock.advance(2 * 24 * 3600_000)
  expect(await left()).toEqual([open])
})
