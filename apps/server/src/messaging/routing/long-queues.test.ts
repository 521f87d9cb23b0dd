import { afterAll, beforeAll, test } from 'vitest'
import {
  multiplyConversation,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
  type TestServer,
} from '#testing'

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

test('an urgent conversation is rung first, however many have waited longer', async () => {
  const on = await stage()
  await using first = await on.newConsumer()
  await multiplyConversation(server, await first.openConversation({ skillId: '1001' }), 300)
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
