import { sql } from 'kysely'
import { expect, test } from 'vitest'
import {
  lockTable,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
  waitingFor,
} from '#testing'

test('an agent that becomes free is rung even if the database is lost while routing reads the queue', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const { accountId, agents, context } = server
  await using consumer = await openConsumerSocket({ url: server.urls[0]!, accountId })
  await using agent = await openAgentSocket({ url: server.urls[1]!, accountId }, agents[0]!)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.goOnline('AWAY')
  await server.clock.advance(1000)

  await using conversations = await lockTable(server, 'conversation')
  await agent.request('.ams.routing.SetAgentState', {
    availability: 'ONLINE',
    channels: ['MESSAGING'],
    agentUserId: agent.oldId,
  })
  await expect.poll(() => waitingFor(server, 'conversation')).toBeGreaterThan(0)
  await using documents = await lockTable(server, 'document')
  await conversations.free()
  // A node with others beside it tries twice: at once, or a second later when the lock was held for too long.
  const lost = new Set<number>()
  const moves: Promise<void>[] = []
  let looks = 0
  const loseTheNext = async () => {
    const connection = await waitingFor(server, 'document')
    if (connection === 0 || lost.has(connection)) {
      looks += 1
      if (looks % 40 === 0) moves.push(server.clock.advance(1000))
    } else {
      lost.add(connection)
      await sql`select pg_terminate_backend(${connection})`.execute(context.store.db)
    }
    return lost.size
  }
  await expect.poll(loseTheNext).toBe(2)
  await documents.free()
  await Promise.all(moves)

  let isRung = false
  const rung = agent.ring(conversationId).then(() => (isRung = true))
  // Where locks were held for too long, more was lost than one reading, and the next one comes with time.
  const later = async () => {
    await server.clock.advance(1000)
    return isRung
  }
  await expect.poll(later, { interval: 100 }).toBe(true)
  await rung
})
