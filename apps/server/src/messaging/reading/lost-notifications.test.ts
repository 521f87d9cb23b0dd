import { sql } from 'kysely'
import { expect, test } from 'vitest'
import {
  breakListening,
  lockTable,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
  waitingFor,
} from '#testing'

const ROUNDS = 8

test('messages that one node commits while the other gets no notifications reach it afterwards, each once', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const { accountId, agents } = server
  await using consumer = await openConsumerSocket({ url: server.urls[0]!, accountId })
  await using agent = await openAgentSocket({ url: server.urls[1]!, accountId }, agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  const lines: string[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const some = Array.from({ length: 5 }, (_, index) => `line ${round} ${index}`)
    lines.push(...some)
    const broken = breakListening(server)
    await Promise.all(some.map((line) => consumer.say(conversationId, line)))
    await broken
    await agent.message(conversationId, ({ text }) => text === some.at(-1))
  }
  await using late = await openConsumerSocket({ url: server.urls[0]!, accountId })
  await breakListening(server)
  const another = await late.openConversation({ skillId: '1001' })
  await agent.ring(another)

  const told = agent.notifications
    .filter(({ type }) => type === '.ams.ms.OnlineEventDistribution')
    .map(({ body }) => body.event.message as string | undefined)
    .filter((text) => text?.startsWith('line'))
  expect(told).toEqual(lines)
})

test('an agent keeps its socket when it may not see a conversation any more that it followed', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const { accountId, agents } = server
  await server.request('POST', `/api/v1/accounts/${accountId}/skills`, {
    bearer: server.adminBearer,
    body: { name: 'Secret', skillId: '5000' },
  })
  const here = { url: server.urls[0]!, accountId }
  await using first = await openConsumerSocket(here)
  await using second = await openConsumerSocket(here)
  await using agent = await openAgentSocket({ url: server.urls[1]!, accountId }, agents[0]!)
  await agent.goOnline()
  const given = await first.openConversation({ skillId: '1001' })
  const kept = await second.openConversation({ skillId: '1001' })
  for (const conversationId of [given, kept]) await agent.accept(conversationId)
  await agent.update(
    given,
    { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
    { field: 'Skill', type: 'UPDATE', skill: '5000' },
  )

  for (let round = 0; round < ROUNDS; round += 1) {
    const broken = breakListening(server)
    await second.say(kept, `line ${round}`)
    await broken
    await agent.message(kept, ({ text }) => text === `line ${round}`)
  }
  expect((await agent.request('.GetClock', {})).code).toBe(200)
})

test('a database that is lost while a node catches up closes no socket, and what was missed comes as soon as it can be read', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const { accountId, agents, context } = server
  await using consumer = await openConsumerSocket({ url: server.urls[0]!, accountId })
  await using agent = await openAgentSocket({ url: server.urls[1]!, accountId }, agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)

  await breakListening(server)
  await consumer.say(conversationId, 'missed')
  await using locked = await lockTable(server, 'conversation')
  await breakListening(server)
  for (const _time of ['first', 'second']) {
    await expect.poll(() => waitingFor(server, 'conversation')).toBeGreaterThan(0)
    const connection = await waitingFor(server, 'conversation')
    await sql`select pg_terminate_backend(${connection})`.execute(context.store.db)
    await expect.poll(() => waitingFor(server, 'conversation')).not.toBe(connection)
  }
  await locked.free()

  await agent.message(conversationId, ({ text }) => text === 'missed')
  expect((await agent.request('.GetClock', {})).code).toBe(200)
})

test('a consumer is told that its agent types, also when its node has forgotten the conversation', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const { accountId, agents, contexts } = server
  await using consumer = await openConsumerSocket({ url: server.urls[0]!, accountId })
  await using agent = await openAgentSocket({ url: server.urls[1]!, accountId }, agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  // Nothing has changed for long: what was missed is read, and this conversation is not.
  await server.clock.advance(60_000)
  await breakListening(server)
  const remembered = () =>
    contexts.map(({ messaging }) => messaging.reading.peekConversation(accountId, conversationId))
  await expect.poll(remembered).toEqual([undefined, undefined])

  const event = { type: 'ChatStateEvent', chatState: 'COMPOSING' }
  await agent.request('.ams.ms.PublishEvent', { dialogId: conversationId, event })
  await consumer.heard(({ body }) => body?.changes?.[0]?.event?.type === 'ChatStateEvent')
})
