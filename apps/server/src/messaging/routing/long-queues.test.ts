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
    newAgent: (nth = 0) => openAgentSocket(place, account.agents[nth]!),
    /** By an administrator. */
    async order(method: 'PATCH' | 'POST', path: string, body: object) {
      const url = `/api/v1/accounts/${account.accountId}/${path}`
      const { status } = await server.request(method, url, { bearer: account.adminBearer, body })
      if (status !== 200) throw new Error(`${method} ${path}: ${status}`)
    },
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
  await on.order('PATCH', `users/${agent.userId}`, { maxSlots: 1 })

  await agent.goOnline()

  await agent.accept(urgent)
})

test('who takes transfers only is rung by one, however many others have waited longer', async () => {
  const on = await stage()
  await using first = await on.newConsumer()
  await multiplyConversation(server, await first.openConversation({ skillId: '1001' }), 300)
  await server.clock.advance(1000)
  await using second = await on.newConsumer()
  const transferred = await second.openConversation({ skillId: '1002' })
  await on.order('POST', `conversations/${transferred}/routing`, {
    action: 'skill',
    skillId: '1001',
  })
  await using agent = await on.newAgent()

  await agent.goOnline('OCCUPIED')

  await agent.accept(transferred)
})

test('who is free is rung by one that waits, however many before it ring others', async () => {
  const on = await stage()
  await using busy = await on.newAgent()
  await on.order('PATCH', `users/${busy.userId}`, { maxSlots: 1 })
  await busy.goOnline()
  await using first = await on.newConsumer()
  const ringing = await first.openConversation({ skillId: '1001' })
  await busy.ring(ringing)
  await multiplyConversation(server, ringing, 300)
  await server.clock.advance(1000)
  await using second = await on.newConsumer()
  const waiting = await second.openConversation({ skillId: '1001' })
  await using free = await on.newAgent(1)

  await free.goOnline()

  await free.accept(waiting)
})
