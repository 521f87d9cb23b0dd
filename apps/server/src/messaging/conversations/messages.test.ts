import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type AgentSocket,
  copyOpenConversation,
  openAgentSocket,
  openConsumerSocket,
  servedConversation,
  startTestServer,
  type TestServer,
} from '#testing'

/** The consumer is on one node, the agent on the other. */
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

const text = (message: string) => ({ type: 'ContentEvent', contentType: 'text/plain', message })

/** What the agent was told last of what it has not read. */
function countedUnread(agent: AgentSocket, conversationId: string): unknown {
  const told = agent.notifications
    .filter(({ type }) => type === '.ams.aam.ExConversationChangeNotification')
    .flatMap(({ body }) => body.changes as { result: Record<string, unknown> }[])
    .findLast(({ result }) => result['convId'] === conversationId)
  return told?.result['numberOfunreadMessages']
}

test('messages reach the other node in their order, without a missing or a double message', async () => {
  await using on = await servedConversation(server)
  const { consumer, agent, conversationId } = on
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`)
  await Promise.all(
    lines.map((line, index) => (index % 2 ? agent : consumer).say(conversationId, line)),
  )
  for (const side of [consumer, agent]) {
    const lineCount = () =>
      side.messages(conversationId).filter(({ text: said }) => said?.startsWith('line')).length
    await side.until(() => lineCount() === 20, 'all lines')
    const sequences = side.messages(conversationId).map(({ sequence }) => sequence)
    expect(sequences).toEqual(sequences.map((_, index) => index))
    const own = side
      .messages(conversationId)
      .filter(({ role, text: said }) => role === 'CONSUMER' && said?.startsWith('line'))
      .map(({ text: said }) => said)
    expect(own).toEqual(lines.filter((_, index) => index % 2 === 0))
  }
})

test('a message published again under the same request id is stored once', async () => {
  await using on = await servedConversation(server)
  const { consumer, conversationId, here } = on
  const first = await consumer.say(conversationId, 'once', { id: 'message-1' })
  consumer.destroy()
  await using again = await openConsumerSocket(here, { jwt: consumer.jwt })
  expect(await again.say(conversationId, 'once', { id: 'message-1' })).toBe(first)
  await again.follow(conversationId)
  await again.say(conversationId, 'end')
  await again.message(conversationId, ({ text: said }) => said === 'end')
  const told = again.messages(conversationId).filter(({ text: said }) => said === 'once')
  expect(told).toHaveLength(1)
})

test('clients that count their requests may use a number again for another message', async () => {
  await using on = await servedConversation(server)
  const { consumer, conversationId } = on
  const first = await consumer.say(conversationId, 'one', { id: 1 })
  expect(await consumer.say(conversationId, 'two', { id: 1 })).toBeGreaterThan(first)
})

/** Says the same twice under one id, two minutes and a socket apart. */
async function saidAgainLater(id: string | number) {
  await using on = await servedConversation(server)
  const { consumer, conversationId, here } = on
  const first = await consumer.say(conversationId, 'yes', { id })
  consumer.destroy()
  await server.clock.advance(121_000)
  await using again = await openConsumerSocket(here, { jwt: consumer.jwt })
  return { first, second: await again.say(conversationId, 'yes', { id }) }
}

test.each([7, 'req-7', 'send'])(
  'who counts or names requests alike on each socket may say the same again on a later one: %s',
  async (id) => {
    const { first, second } = await saidAgainLater(id)
    expect(second).toBeGreaterThan(first)
  },
)

test.each(['k3x9f02ab1', 'b6c0bd2d-79a8-4d9d-9d2c-0b8f5c1f7a10'])(
  'an id that chance has made names one message, however late it is sent again: %s',
  async (id) => {
    const { first, second } = await saidAgainLater(id)
    expect(second).toBe(first)
  },
)

test('a number that is used again for the same text is another message where other people are to read it, or it answers another card', async () => {
  await using on = await servedConversation(server)
  const { consumer, agent, conversationId } = on
  const publish = (more: object, metadata?: object[]) =>
    agent.request(
      '.ams.ms.PublishEvent',
      { dialogId: conversationId, event: text('done'), ...more },
      { id: 7, ...(metadata && { metadata }) },
    )
  const note = await publish({ messageAudience: 'AGENTS_AND_MANAGERS' })
  expect((await publish({ messageAudience: 'AGENTS_AND_MANAGERS' })).body).toEqual(note.body)
  expect((await publish({})).body.sequence).toBeGreaterThan(note.body.sequence)
  const card = [{ type: 'ExternalId', id: 'second' }]
  const answered = await publish({}, card)
  const { record } = await consumer.message(
    conversationId,
    ({ sequence }) => sequence === answered.body.sequence,
  )
  expect(record.metadata).toEqual(card)
})

test('a page of messages is as long as its client asks, whatever is hidden from it', async () => {
  await using on = await servedConversation(server)
  const { consumer, agent, conversationId } = on
  const lines = ['one', 'two', 'three']
  await consumer.say(conversationId, 'one')
  for (const event of [text('between'), text('us')]) {
    const body = { dialogId: conversationId, messageAudience: 'AGENTS_AND_MANAGERS', event }
    await agent.request('.ams.ms.PublishEvent', body)
  }
  await consumer.say(conversationId, 'two')
  await consumer.say(conversationId, 'three')
  const page = async (fromSeq: number) => {
    const body = { dialogId: conversationId, fromSeq, maxQuantity: 2 }
    const read = await consumer.request('ms.QueryMessages', body)
    return read.body as { sequence: number; event: { message?: string } }[]
  }
  const said: (string | undefined)[] = []
  for (let from = 0, last = 2; last === 2;) {
    const records = await page(from)
    said.push(...records.map(({ event }) => event.message))
    from = (records.at(-1)?.sequence ?? 0) + 1
    last = records.length
  }
  // Automatic messages may come between.
  expect(said.filter((message) => lines.includes(message ?? ''))).toEqual(lines)
})

test('a private message reaches agents and never the consumer', async () => {
  await using on = await servedConversation(server)
  const { consumer, agent, conversationId } = on
  const answer = await agent.request('.ams.ms.PublishEvent', {
    dialogId: conversationId,
    messageAudience: 'AGENTS_AND_MANAGERS',
    event: text('between us'),
  })
  expect(answer.code).toBe(200)
  await agent.message(conversationId, ({ text: said }) => said === 'between us')
  await agent.say(conversationId, 'for all')
  await consumer.message(conversationId, ({ text: said }) => said === 'for all')
  await consumer.follow(conversationId)
  const queried = await consumer.request('ms.QueryMessages', { dialogId: conversationId })
  expect(JSON.stringify([consumer.frames, queried])).not.toContain('between us')

  const refused = await consumer.request('ms.PublishEvent', {
    dialogId: conversationId,
    messageAudience: 'AGENTS_AND_MANAGERS',
    event: text('psst'),
  })
  expect(refused.code).toBe(403)
})

test('the assigned agent is told how many messages it has neither read nor answered', async () => {
  await using on = await servedConversation(server)
  const { consumer, agent, conversationId } = on
  const counted = () => countedUnread(agent, conversationId)
  const read = (status: string, ...sequenceList: number[]) =>
    agent.request('.ams.ms.PublishEvent', {
      dialogId: conversationId,
      event: { type: 'AcceptStatusEvent', status, sequenceList },
    })
  await agent.say(conversationId, 'how can I help?')
  await expect.poll(counted).toEqual({})
  const first = await consumer.say(conversationId, 'my order')
  const second = await consumer.say(conversationId, 'is late')
  await expect.poll(counted).toEqual({ [agent.oldId]: 2 })
  await read('ACCEPT', first, second)
  await read('READ', first)
  await expect.poll(counted).toEqual({ [agent.oldId]: 1 })
  await consumer.say(conversationId, 'very late')
  await expect.poll(counted).toEqual({ [agent.oldId]: 2 })
  await agent.say(conversationId, 'let me see')
  await expect.poll(counted).toEqual({})
})

test('messages that an earlier version has counted one by one are counted on', async () => {
  await using on = await servedConversation(server)
  const { consumer, agent, conversationId, here } = on
  const written = [
    await consumer.say(conversationId, 'my order'),
    await consumer.say(conversationId, 'is late'),
  ]
  await copyOpenConversation(server, conversationId, 1)
  const copy = `${conversationId}-1`
  await sql`update conversation set state = (state - 'unreadRanges') || jsonb_build_object('unread', ${written}::int[])
    where conversation_id = ${copy}`.execute(server.context.store.db)
  await using again = await openAgentSocket(here, on.agents[0]!)
  const counted = () => countedUnread(again, copy)
  await again.request('.ams.aam.SubscribeExConversations', { convState: ['OPEN'] })
  await expect.poll(counted).toEqual({ [agent.oldId]: 2 })
  await again.request('.ams.ms.PublishEvent', {
    dialogId: copy,
    event: { type: 'AcceptStatusEvent', status: 'READ', sequenceList: written.slice(0, 1) },
  })
  await expect.poll(counted).toEqual({ [agent.oldId]: 1 })
})

test('accept statuses are numbered with the content, chat states are not numbered at all', async () => {
  await using on = await servedConversation(server)
  const { consumer, agent, conversationId } = on
  const sequence = await consumer.say(conversationId, 'read me')
  const accepted = await agent.request('.ams.ms.PublishEvent', {
    dialogId: conversationId,
    event: { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [sequence] },
  })
  expect(accepted.body.sequence).toBeGreaterThan(sequence)
  const status = await consumer.message(
    conversationId,
    ({ event }) => event.type === 'AcceptStatusEvent',
  )
  expect(status.event).toMatchObject({ status: 'READ', sequenceList: [sequence] })
  expect(status.sequence).toBe(accepted.body.sequence)
  const later = { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [sequence, 1000] }
  const early = await agent.request('.ams.ms.PublishEvent', {
    dialogId: conversationId,
    event: later,
  })
  expect(early).toMatchObject({
    code: 400,
    body: 'body.event.sequenceList: the dialog has no message 1000',
  })

  const typing = await agent.request('.ams.ms.PublishEvent', {
    dialogId: conversationId,
    event: { type: 'ChatStateEvent', chatState: 'COMPOSING' },
  })
  expect(typing.body).toEqual({ sequence: 0 })
  const shown = await consumer.heard(
    ({ type, body }) =>
      type === 'ms.MessagingEventNotification' && body.changes[0]?.event.type === 'ChatStateEvent',
  )
  expect(shown.body.changes[0]).not.toHaveProperty('sequence')
})

test('a reader cannot write, and another consumer can neither read nor write', async () => {
  await using on = await servedConversation(server)
  const { agent, conversationId, here, agents } = on
  await using other = await openAgentSocket(here, agents[1]!)
  await other.update(conversationId, {
    field: 'ParticipantsChange',
    type: 'ADD',
    role: 'READER',
  })
  const written = await other.request('.ams.ms.PublishEvent', {
    dialogId: conversationId,
    event: text('I only read'),
  })
  expect(written.code).toBe(403)
  for (const conversationField of [
    { field: 'ConversationStateField', conversationState: 'CLOSE' },
    { field: 'DialogChange', dialog: { dialogId: conversationId, state: 'CLOSE' } },
    { field: 'TTRField', ttrType: 'URGENT' },
    { field: 'ManualETTR', time: server.clock.now() },
    { field: 'Skill', type: 'UPDATE', skill: '1002' },
    { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
  ]) {
    const changed = await other.request('.ams.cm.UpdateConversationField', {
      conversationId,
      conversationField,
    })
    expect([changed.code, changed.body]).toEqual([403, 'A reader may only read'])
  }
  await other.update(conversationId, {
    field: 'ParticipantsChange',
    type: 'REMOVE',
    role: 'READER',
  })
  await using stranger = await openConsumerSocket(here)
  const read = await stranger.request('ms.SubscribeMessagingEvents', { dialogId: conversationId })
  expect(read.code).toBe(404)
  const closed = await stranger.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })
  expect(closed.code).toBe(404)
  await agent.say(conversationId, 'still here')
})

test('a consumer has one open conversation at a time', async () => {
  await using on = await servedConversation(server)
  const { consumer, conversationId } = on
  const refused = await consumer.request('cm.ConsumerRequestConversation', {})
  expect(refused.code).toBe(400)
  expect(refused.body).toContain(conversationId)
})
