import { expect, test } from 'vitest'
import { call, givenIssuer, openConsumerSocket, startTestServer, type TestServer } from '#testing'

const DAY_MS = 86_400_000

async function documentsOf({ context }: TestServer, kinds: readonly string[]): Promise<string[]> {
  const { db } = context.store
  const rows = await db
    .selectFrom('document')
    .select(['kind'])
    .where('kind', 'in', [...kinds])
    .orderBy('kind')
    .execute()
  return rows.map(({ kind }) => kind)
}

test('profiles of consumers without conversations and visitors end, so many days after their last change', async () => {
  await using server = await startTestServer({ wallClock: 'system' })
  await call(server, 'PATCH', 'settings', { retention: { profileDays: 10, visitorDays: 20 } })
  await using lonely = await openConsumerSocket(server)
  await using talking = await openConsumerSocket(server)
  await talking.openConversation()
  for (const consumer of [lonely, talking]) {
    await consumer.request('userprofile.SetUserProfile', { firstName: 'Grace' })
  }
  const visits = `/api/account/${server.accountId}/monitoring/visitors/v1/visits/current/events?v=1&sid=s1`
  const body = [{ type: 'lead', lead: { topic: 'shoes' } }]
  await server.request('PUT', visits, { bearer: server.appToken, body })
  const left = () => documentsOf(server, ['profile', 'visitor'])

  await server.clock.advance(9 * DAY_MS)
  expect(await left()).toEqual(['profile', 'profile', 'visitor'])
  await lonely.request('userprofile.SetUserProfile', { firstName: 'Ada' })
  await server.clock.advance(2 * DAY_MS)
  expect(await left()).toEqual(['profile', 'profile', 'visitor'])
  await server.clock.advance(8 * DAY_MS)
  expect(await left()).toEqual(['profile', 'visitor'])
  await server.clock.advance(2 * DAY_MS)
  expect(await left()).toEqual(['profile'])
})

test('the record of a consumer ends with its last conversation, and what is known of an erasure with the audit', async () => {
  await using server = await startTestServer({ wallClock: 'system' })
  await call(server, 'PATCH', 'settings', { retention: { conversationDays: 5, auditDays: 30 } })
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation()
  await consumer.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })
  await call(server, 'POST', 'erasures', { consumerId: 'somebody-else' })
  await server.clock.advance(4 * DAY_MS)
  expect(await documentsOf(server, ['consumer', 'erasure'])).toEqual(['consumer', 'erasure'])

  await server.clock.advance(3 * DAY_MS)
  expect(await documentsOf(server, ['consumer', 'erasure'])).toEqual(['erasure'])
  await server.clock.advance(25 * DAY_MS)
  expect(await documentsOf(server, ['consumer', 'erasure'])).toEqual([])
})

test('a visitor is known as long as one of its conversations is', async () => {
  await using server = await startTestServer({ wallClock: 'system' })
  await call(server, 'PATCH', 'settings', { retention: { conversationDays: 5 } })
  await using consumer = await openConsumerSocket(server)
  const conversationContext = { type: 'SharkContext', visitorId: 'v1', sessionId: 's1' }
  const old = await consumer.openConversation({ conversationContext })
  const visits = `/api/account/${server.accountId}/monitoring/visitors/v1/visits/current/events?v=1&sid=s1`
  const body = [{ type: 'lead', lead: { topic: 'shoes' } }]
  await server.request('PUT', visits, { bearer: server.appToken, body })
  await consumer.request('cm.UpdateConversationField', {
    conversationId: old,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })
  await server.clock.advance(4 * DAY_MS)
  await consumer.openConversation({ conversationContext })
  const left = async () => {
    const { db } = server.context.store
    const rows = await db.selectFrom('conversation').select('conversationId').execute()
    return [rows.length, ...(await documentsOf(server, ['visitor']))]
  }
  expect(await left()).toEqual([2, 'visitor'])

  await server.clock.advance(3 * DAY_MS)
  expect(await left()).toEqual([1, 'visitor'])
  await call(server, 'POST', 'erasures', { consumerId: consumer.consumerId })
  await server.clock.advance(60_000)
  expect(await left()).toEqual([0])
})

test('a visitor is known as long as one of its conversations is, also when it has signed in since then', async () => {
  await using server = await startTestServer({ wallClock: 'system' })
  await call(server, 'PATCH', 'settings', { retention: { conversationDays: 5 } })
  const signIn = await givenIssuer(server)
  await using anonymous = await openConsumerSocket(server)
  const conversationContext = { type: 'SharkContext', visitorId: 'v1', sessionId: 's1' }
  const old = await anonymous.openConversation({ conversationContext })
  const visits = `/api/account/${server.accountId}/monitoring/visitors/v1/visits/current/events?v=1&sid=s1`
  const body = [{ type: 'lead', lead: { topic: 'shoes' } }]
  await server.request('PUT', visits, { bearer: server.appToken, body })
  await anonymous.request('cm.UpdateConversationField', {
    conversationId: old,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })
  await server.clock.advance(4 * DAY_MS)
  await anonymous.openConversation({ conversationContext })
  await using known = await openConsumerSocket(server, { jwt: await signIn('grace') })
  expect((await known.request('StepUp', { jwt: anonymous.jwt })).code).toBe(200)

  await server.clock.advance(3 * DAY_MS)
  expect(await documentsOf(server, ['visitor'])).toEqual(['visitor'])
  await call(server, 'POST', 'erasures', { consumerId: known.consumerId })
  await server.clock.advance(60_000)
  expect(await documentsOf(server, ['visitor'])).toEqual([])
})

test('fewer days end also what is known already, and more days keep it longer', async () => {
  await using server = await startTestServer({ wallClock: 'system' })
  const keep = (retention: object) => call(server, 'PATCH', 'settings', { retention })
  await keep({ profileDays: 100, visitorDays: 10, auditDays: 100 })
  await using lonely = await openConsumerSocket(server)
  await lonely.request('userprofile.SetUserProfile', { firstName: 'Grace' })
  const visits = `/api/account/${server.accountId}/monitoring/visitors/v1/visits/current/events?v=1&sid=s1`
  const body = [{ type: 'lead', lead: { topic: 'shoes' } }]
  await server.request('PUT', visits, { bearer: server.appToken, body })
  await call(server, 'POST', 'erasures', { consumerId: 'somebody-else' })
  const left = () => documentsOf(server, ['profile', 'visitor', 'erasure'])
  await server.clock.advance(5 * DAY_MS)

  await keep({ profileDays: 20, visitorDays: 25, auditDays: 30 })
  await server.clock.advance(14 * DAY_MS)
  expect(await left()).toEqual(['erasure', 'profile', 'visitor'])
  await server.clock.advance(2 * DAY_MS)
  expect(await left()).toEqual(['erasure', 'visitor'])
  await server.clock.advance(5 * DAY_MS)
  expect(await left()).toEqual(['erasure'])
  await server.clock.advance(5 * DAY_MS)
  expect(await left()).toEqual([])
})
