import { expect } from 'vitest'
import {
  call,
  HOUR_AGO,
  openAgentSocket,
  openConsumerSocket,
  type TestServer,
} from '../../apps/server/testing/index.ts'

const DAY_MS = 86_400_000

interface Tour {
  /** Of history, before `newest`. */
  days: number
  newest: number
  /** Removes what a night has deleted, as the database does by itself in the course of the day. */
  tidyUp: () => Promise<unknown>
}

/** Does what the product does every day. */
export async function tour(server: TestServer, { days, newest, tidyUp }: Tour): Promise<void> {
  const { accountId, context, clock } = server
  await using consumer = await openConsumerSocket(server)
  await using agent = await openAgentSocket(server, server.agents[0]!)

  // A conversation from its begin to its end.
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await consumer.say(conversationId, 'Where is it?')
  await agent.accept(conversationId)
  await agent.say(conversationId, 'On its way')
  await consumer.request('userprofile.SetUserProfile', { firstName: 'Grace' })
  await agent.request('.ams.userprofile.GetUserProfile', consumer.consumerId)
  await consumer.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })
  await clock.advance(1000)

  // Subscriptions.
  for (const body of [
    {},
    { convState: ['OPEN'] },
    { convState: ['OPEN', 'CLOSE'], agentIds: [agent.oldId] },
    { convState: ['CLOSE'], minLastUpdatedTime: clock.now() - 3_600_000 },
    { stage: ['OPEN'], agentIds: [agent.oldId] },
  ]) {
    await agent.request('.ams.aam.SubscribeExConversations', body)
    await consumer.request('cqm.SubscribeExConversations', body)
  }

  // Histories, with counts and words.
  const lastDay = { from: newest - 3 * DAY_MS, to: newest }
  const iso = (at: number) => new Date(at).toISOString()
  const search = async (body: object, path = 'conversations') => {
    const reply = await server.request(
      'POST',
      `/messaging_history/api/account/${accountId}/${path}/search?limit=50&offset=0&sort=start:desc`,
      { bearer: server.adminBearer, body },
    )
    if (reply.status !== 200) throw new Error(reply.text)
    return reply.json<{ conversationHistoryRecords: unknown[]; _metadata: { count: number } }>()
  }
  const found = await search({ start: lastDay, status: ['OPEN', 'CLOSE'] })
  expect(found._metadata.count).toBeGreaterThan(1000)
  await search({ start: lastDay, keyword: 'parcel' })
  await search({ start: lastDay, keyword: 'nowhere' })
  await search({ start: lastDay, end: lastDay })
  await search({ start: lastDay, skillIds: [1001], agentIds: [agent.userId] })
  await search({ consumer: consumer.consumerId, status: ['CLOSE'] }, 'conversations/consumer')
  await search({ conversationId }, 'conversations/conversation')
  for (const query of [
    '',
    '?state=OPEN',
    '?state=CLOSE',
    `?consumerId=${consumer.consumerId}`,
    `?text=parcel&from=${iso(lastDay.from)}`,
    `?from=${iso(lastDay.from)}&to=${iso(lastDay.to)}`,
    '?skillId=1001',
    '?channel=chat',
    `?channel=chat&state=OPEN&text=parcel&consumerId=${consumer.consumerId}`,
    `?channel=all&text=parcel&from=${iso(lastDay.from)}`,
    `?channel=all&consumer=nobody&from=${iso(lastDay.from)}`,
  ]) {
    await call(server, 'GET', `conversations${query}`)
  }
  await call(server, 'GET', 'transfer-targets?skillId=1001')
  await call(server, 'GET', `conversations/${conversationId}/timeline`)
  const chat = await call<{ chat: { chatId: string } }>(server, 'POST', 'consumer/chats', {
    skillId: '1001',
    text: 'Where is my parcel?',
  })
  await call(server, 'GET', `chats/${chat.chat.chatId}/timeline`)
  await call(server, 'GET', `invocations?conversationId=${conversationId}`)
  await call(server, 'GET', 'invocations?limit=50')
  await call(server, 'GET', 'logs?limit=50')

  // The context store, with what has expired meanwhile.
  const { apiKey } = await call<{ apiKey: string }>(server, 'GET', 'context-store/key')
  const written = await server.request(
    'PATCH',
    `/v1/account/${accountId}/carts/${conversationId}/properties`,
    { headers: { 'maven-api-key': apiKey }, body: { items: ['tea'] } },
  )
  expect(written.status).toBe(204)

  // A node that is gone.
  const gone = crypto.randomUUID()
  const { db } = context.store
  await db.insertInto('node').values({ nodeId: gone, seenAt: HOUR_AGO }).execute()
  await expect
    .poll(() => db.selectFrom('node').select('nodeId').where('nodeId', '=', gone).execute())
    .toEqual([])

  // A consumer that is erased.
  const { consumerId } = consumer
  const asked = await call<{ erasureId: string }>(server, 'POST', 'erasures', { consumerId })
  await clock.advance(61_000)
  const erased = await call(server, 'GET', `erasures/${asked.erasureId}`)
  expect(erased).toMatchObject({ state: 'done', conversations: 1 })

  // Two nights: the first has a day to end, the second hardly anything.
  const elapsed = Math.round((clock.now() - newest) / DAY_MS)
  await call(server, 'PATCH', 'settings', { retention: { conversationDays: days - 1 + elapsed } })
  await clock.advance(DAY_MS)
  await tidyUp()
  await clock.advance(DAY_MS)
}
