import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ConsumerSocket,
  multiplyConversation,
  openAgentSocket,
  openConsumerSocket,
  servedConversation,
  startTestServer,
  type TestServer,
  twoNodeAccount,
} from '#testing'

/** The consumer is on one node, the agent on the other. */
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

test('every device of a consumer gets the same messages', async () => {
  await using on = await servedConversation(server)
  const { consumer, agent, conversationId, there } = on
  await using phone = await openConsumerSocket(there, { jwt: consumer.jwt })
  await phone.follow(conversationId)
  await agent.say(conversationId, 'both of you')
  for (const device of [consumer, phone]) {
    await device.message(conversationId, ({ text: said }) => said === 'both of you')
  }
})

test('who follows a dialog is notified of each message, however often the same socket reads it', async () => {
  await using on = await servedConversation(server)
  const { consumer, agent, conversationId } = on
  const body = { dialogId: conversationId, conversationId, newerThanSequence: 0 }
  await agent.request('.ams.ms.QueryMessages', body)
  let isSaying = true
  const reading = (async () => {
    while (isSaying) await agent.request('.ams.ms.QueryMessages', body)
  })()
  const said: number[] = []
  for (let line = 1; line <= 50; line += 1) {
    said.push(await consumer.say(conversationId, `line ${line}`))
  }
  const notified = () =>
    agent.notifications
      .filter(({ type }) => type.endsWith('OnlineEventDistribution'))
      .flatMap(({ body: record }) => (said.includes(record.sequence) ? [record.sequence] : []))
  await expect.poll(() => notified().length).toBeGreaterThanOrEqual(said.length)
  isSaying = false
  await reading
  expect(notified()).toEqual(said)
})

test('after a lost connection a consumer goes on where it was, without a lost or a double message', async () => {
  await using on = await servedConversation(server)
  const { consumer, agent, conversationId } = on
  const sent = consumer.say(conversationId, 'did this arrive?', { id: 'm-1' })
  sent.catch(() => undefined)
  consumer.destroy()
  await agent.say(conversationId, 'while you were away')
  await using again = await openConsumerSocket(on.there, { jwt: consumer.jwt })
  await again.say(conversationId, 'did this arrive?', { id: 'm-1' })
  await again.follow(conversationId)
  await again.message(conversationId, ({ text }) => text === 'while you were away')
  await agent.message(conversationId, ({ text }) => text === 'did this arrive?')
  for (const side of [again, agent]) {
    const texts = side.messages(conversationId).map(({ text }) => text)
    expect(texts.filter((text) => text === 'did this arrive?')).toHaveLength(1)
  }
})

test('an agent that comes back gets its conversation, however many others are newer', async () => {
  await using on = await servedConversation(server)
  const { agent, conversationId: own, here, there, agents } = on
  await agent.request('.ams.routing.SetAgentState', { availability: 'AWAY' })
  await server.clock.advance(1000)
  await using second = await openConsumerSocket(here)
  await multiplyConversation(server, await second.openConversation({ skillId: '1001' }), 1000)

  await using again = await openAgentSocket(there, agents[0]!)
  const { body } = await again.request('.ams.aam.SubscribeExConversations', {
    convState: ['OPEN'],
    agentIds: [again.oldId],
  })

  const told = await again.heard(({ body: said }) => said.subscriptionId === body.subscriptionId)
  expect(told.body.changes).toMatchObject([{ type: 'UPSERT', result: { convId: own } }])
})

test('what was said last is told from the database as it was when it was said, also as an earlier version stored it', async () => {
  await using on = await servedConversation(server)
  const { consumer, conversationId, there } = on
  const subscribe = async (device: ConsumerSocket) => {
    const { body } = await device.request('cqm.SubscribeExConversations', { convState: ['OPEN'] })
    return async (text?: string) => {
      const told = await device.heard(({ body: { subscriptionId, changes } }) => {
        const last = changes?.[0]?.result.lastContentEventNotification
        return subscriptionId === body.subscriptionId && (!text || last?.event.message === text)
      })
      return told.body.changes[0].result.lastContentEventNotification
    }
  }
  const tellFirst = async () => {
    await using device = await openConsumerSocket(there, { jwt: consumer.jwt })
    return await (
      await subscribe(device)
    )()
  }
  await using device = await openConsumerSocket(there, { jwt: consumer.jwt })
  const tell = await subscribe(device)
  const sequence = await consumer.say(conversationId, 'Are you there?')
  const told = await tell('Are you there?')
  expect(told).toMatchObject({ sequence, event: { message: 'Are you there?' } })
  expect(await tellFirst()).toEqual(told)

  const { db } = server.context.store
  const { rows } = await sql<{ state: object }>`
    select state from conversation where conversation_id = ${conversationId}`.execute(db)
  expect(JSON.stringify(rows)).not.toContain('Are you there?')
  await sql`update conversation set state = state - 'lastContentPlace' || jsonb_build_object('lastContent', (
      select state->'lastContentPlace' || body - 'audience' from message
        where conversation_id = ${conversationId} and sequence = ${sequence}))
    where conversation_id = ${conversationId}`.execute(db)
  expect(await tellFirst()).toEqual(told)
})

test('an agent that connects to a node without asking for messages is told what is said from then on, and not what was said long before', async () => {
  const on = await twoNodeAccount(server)
  await using consumer = await on.newConsumer()
  await using agent = await openAgentSocket(on.here, on.agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  // The node has known the conversation, for as long as somebody was there.
  const phone = await openConsumerSocket(on.there, { jwt: consumer.jwt })
  await phone.say(conversationId, 'by phone')
  await phone[Symbol.asyncDispose]()
  await consumer.say(conversationId, 'long before')
  await agent.say(conversationId, 'answered')
  await server.clock.advance(120_000)

  await using again = await openAgentSocket(on.there, agent)
  await again.request('.ams.aam.SubscribeExConversations', { convState: ['OPEN'] })
  // The node hears of the conversation for the first time, and of no message.
  await consumer.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: { field: 'CSATRate', csatRate: 5 },
  })
  await again.until(() => again.details(conversationId)?.csat !== undefined, 'the rating')
  await consumer.say(conversationId, 'now')
  await again.message(conversationId, ({ text }) => text === 'now')
  expect(again.messages(conversationId).map(({ text }) => text)).toEqual(['now'])
})
