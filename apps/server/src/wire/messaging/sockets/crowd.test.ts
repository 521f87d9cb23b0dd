import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAgentSocket, openConsumerSocket, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

async function stage() {
  const account = await server.anotherAccount()
  const place = { url: server.url, accountId: account.accountId }
  return {
    ...account,
    newConsumer: () => openConsumerSocket(place),
    newAgent: () => openAgentSocket(place, account.agents[0]!),
  }
}

/** So many more conversations like this one: opening each of them would take the test a minute. */
async function multiply(conversationId: string, times: number): Promise<void> {
  await sql`
    insert into conversation (account_id, conversation_id, version, state, consumer_id, skill_id, stage,
        waiting_since, started_at_ms, updated_at_ms)
      select account_id, id, 1, jsonb_set(state, '{conversationId}', to_jsonb(id)), consumer_id, skill_id, stage,
          waiting_since, started_at_ms, updated_at_ms
        from conversation, lateral (
          select conversation_id || '-' || n as id from generate_series(1, ${times}::int) n
        ) one
        where conversation_id = ${conversationId}`.execute(server.context.store.db)
}

test('an urgent conversation is rung first, however many have waited longer', async () => {
  const on = await stage()
  await using first = await on.newConsumer()
  await multiply(await first.openConversation({ skillId: '1001' }), 300)
  await server.clock.advance(1000)
  await using second = await on.newConsumer()
  const urgent = await second.openConversation({ skillId: '1001', ttrDefName: 'URGENT' })
  await using agent = await on.newAgent()
  await server.request('PATCH', `/api/v1/accounts/${on.accountId}/users/${agent.userId}`, {
    bearer: on.adminBearer,
    body: { maxSlots: 1 },
  })

  await agent.goOnline()

  await agent.accept(urgent)
})

test('an agent who comes back is told of its conversation, however many others are newer', async () => {
  const on = await stage()
  await using first = await on.newConsumer()
  await using agent = await on.newAgent()
  await agent.goOnline()
  const own = await first.openConversation({ skillId: '1001' })
  await agent.accept(own)
  await agent.request('.ams.routing.SetAgentState', { availability: 'AWAY' })
  await server.clock.advance(1000)
  await using second = await on.newConsumer()
  await multiply(await second.openConversation({ skillId: '1001' }), 1000)

  await using again = await on.newAgent()
  const { body } = await again.request('.ams.aam.SubscribeExConversations', {
    convState: ['OPEN'],
    agentIds: [again.oldId],
  })

  const told = await again.heard(({ body: said }) => said.subscriptionId === body.subscriptionId)
  expect(told.body.changes).toMatchObject([{ type: 'UPSERT', result: { convId: own } }])
})
