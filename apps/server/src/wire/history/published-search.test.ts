import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAgentSocket, openConsumerSocket, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const post = async (path: string, body: object) => {
  const reply = await server.request(
    'POST',
    `/messaging_history/api/account/${server.accountId}/${path}`,
    { bearer: server.adminBearer, body },
  )
  // oxlint-disable-next-line typescript/no-explicit-any -- the test looks into a published shape
  return { status: reply.status, body: reply.json<{ conversationHistoryRecords: any[] }>() }
}

/** A closed conversation with these words. */
async function given(words: string) {
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await consumer.say(conversationId, words)
  await consumer.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })
  return conversationId
}

test('states are read in small letters, phrases in quotation marks, and -1 as now', async () => {
  const conversationId = await given('where is my "blue" hat')
  const now = server.clock.now()
  const ids = async (filter: object, start = { from: now - 1000, to: -1 }) => {
    const { status, body } = await post('conversations/search', { start, ...filter })
    expect(status).toBe(200)
    return body.conversationHistoryRecords.map(({ info }) => info.conversationId as string)
  }
  expect(await ids({ status: ['close'] })).toContain(conversationId)
  expect(await ids({ status: ['open'] })).not.toContain(conversationId)
  expect(await ids({ keyword: '"blue" hat' })).toEqual([conversationId])
  expect(await ids({ keyword: '"where is my"' })).toEqual([conversationId])
  expect(await ids({ source: ['app'] })).toContain(conversationId)
  expect(await ids({ source: ['FACEBOOK'] })).toEqual([])
  expect(await ids({ latestUpdateTime: { from: now } })).toContain(conversationId)
  expect(await ids({ latestUpdateTime: { from: now + 1 } })).toEqual([])
  expect(await ids({ conversationsWithStepUpOnly: true })).toEqual([])
  expect(await ids({ fullDialogEndTime: { from: now, to: -1 } })).toContain(conversationId)
  expect(await ids({ fullDialogEndTime: { from: now - 9, to: now - 1 } })).toEqual([])
  // What a form sends of fields that nobody has filled in.
  const empty = { mcs: { from: '', to: '' }, surveyIds: [], summary: '', sdeSearch: {} }
  expect(await ids(empty)).toContain(conversationId)
  const long = await post('conversations/search', { start: { from: 0, to: -1 } })
  expect(long).toMatchObject({ status: 400 })
  expect(JSON.stringify(long.body)).toContain('must span at most three months')
})

test.each([
  ['sdeSearch', { personalInfo: 'Grace' }],
  ['mcs', { from: 0, to: 50 }],
  ['surveyIds', ['1']],
  ['summary', 'late'],
])(
  'a search by %s is refused, and not answered with what was not asked for',
  async (name, value) => {
    const now = server.clock.now()
    const reply = await post('conversations/search', {
      start: { from: now - 1000, to: now },
      [name]: value,
    })
    expect(reply.status).toBe(400)
    expect(JSON.stringify(reply.body)).toContain(`body.${name}: is not supported by this server`)
  },
)

test('a record says what a bot has understood, and how the conversation went from agent to agent', async () => {
  await using consumer = await openConsumerSocket(server)
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  const botResponse = {
    externalConversationId: 'x-1',
    businessCases: ['Returns'],
    intents: [{ id: 'hat', name: 'Hats', confidenceScore: 0.8 }],
  }
  const metadata = [
    { type: 'BotResponse', ...botResponse },
    { type: 'ExternalId', id: 'card' },
    { type: 'ActionReason', reason: 'angry', reasonId: '7' },
  ]
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'A hat?' }
  await agent.request('ms.PublishEvent', { dialogId: conversationId, event }, { metadata })
  const participant = { field: 'ParticipantsChange', role: 'ASSIGNED_AGENT' }
  const goBack = { conversationId, conversationField: [{ ...participant, type: 'REMOVE' }] }
  await agent.request('cm.UpdateConversationField', goBack, { metadata })
  await server.clock.advance(1000)
  await agent.update(conversationId, { ...participant, type: 'ADD' })
  await server.clock.advance(1000)
  const taken = await server.request(
    'POST',
    `/api/v1/accounts/${server.accountId}/conversations/${conversationId}/routing`,
    { bearer: server.adminBearer, body: { action: 'take' } },
  )
  expect(taken.status).toBe(200)
  const { assignedAgentId } = taken.json<{ assignedAgentId: string }>()
  const { body } = await post('conversations/conversation/search', { conversationId })
  const [record] = body.conversationHistoryRecords
  for (const part of ['messageRecords', 'transfers']) {
    const explained = record[part].filter((entry: object) => 'contextData' in entry)
    expect(explained).toHaveLength(1)
    const [{ contextData }] = explained
    expect(JSON.parse(contextData.rawMetadata)).toEqual(metadata)
    expect(contextData.structuredMetadata).toEqual([
      { botResponse },
      { actionReason: { reason: 'angry' } },
    ])
  }
  expect(record.transfers).toMatchObject([
    { reason: 'back2Q', by: agent.userId, assignedAgentId: 'null', sourceSkillId: 1001 },
    {
      reason: 'TakeOver',
      by: assignedAgentId,
      assignedAgentId,
      assignedAgentLoginName: 'admin',
      targetSkillId: 1001,
    },
  ])
  const parts = ['transfers', 'interactions', 'agentParticipants', 'consumerParticipants']
  for (const part of parts) {
    expect(record[part]).not.toEqual([])
    for (const entry of record[part]) expect(entry).toMatchObject({ dialogId: conversationId })
  }
  expect(record.info).toMatchObject({ wasStepUp: false, fullDialogEndTimeL: -1 })
})

test('of long reasons only the newest are kept with the steps of a conversation', async () => {
  await using consumer = await openConsumerSocket(server)
  await using agent = await openAgentSocket(server, server.agents[0]!)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  const reader = { field: 'ParticipantsChange', role: 'MANAGER' }
  const reason = (length: number) => ({
    metadata: [{ type: 'ActionReason', reason: 'x'.repeat(length) }],
  })
  for (const [type, length] of [
    ['ADD', 9_000],
    ['REMOVE', 9_000],
    ['ADD', 15_000],
  ] as const) {
    const body = { conversationId, conversationField: [{ ...reader, type }] }
    expect(await agent.request('cm.UpdateConversationField', body, reason(length))).toMatchObject({
      code: 200,
    })
  }
  const { body } = await post('conversations/conversation/search', { conversationId })
  const [record] = body.conversationHistoryRecords
  const reasonsOf = (part: string) =>
    record[part].map(
      ({ contextData }: { contextData?: { rawMetadata: string } }) =>
        contextData?.rawMetadata.length,
    )
  expect(reasonsOf('agentParticipants')).toEqual([undefined, expect.any(Number)])
  expect(reasonsOf('agentParticipantsLeave')).toEqual([undefined])
  const refused = { conversationId, conversationField: [{ ...reader, type: 'REMOVE' }] }
  expect(await agent.request('cm.UpdateConversationField', refused, reason(20_000))).toMatchObject({
    code: 400,
    body: expect.stringContaining('metadata: must have at most 20000 characters'),
  })
})
