import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAgentSocket, openConsumerSocket, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

interface HistoryAnswer {
  _metadata: { count: number; next: { href: string } }
  // oxlint-disable-next-line typescript/no-explicit-any -- the test looks into a published shape
  conversationHistoryRecords: any[]
  agentStatusRecords: object[]
}

const post = async (path: string, body: object) => {
  const reply = await server.request(
    'POST',
    `/messaging_history/api/account/${server.accountId}/${path}`,
    { bearer: server.adminBearer, body },
  )
  return { status: reply.status, body: reply.json<HistoryAnswer>() }
}

/** A conversation that has been transferred and closed. */
async function given(words: string[]) {
  await using consumer = await openConsumerSocket(server, {
    clientProperties: { deviceFamily: 'MOBILE', features: ['AUTO_MESSAGES'] },
  })
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await agent.goOnline()
  await consumer.request('userprofile.SetUserProfile', {
    firstName: 'Grace',
    lastName: 'Hopper',
    authenticatedData: { lp_sdes: [{ type: 'ctmrinfo', info: { customerId: '42' } }] },
  })
  const conversationId = await consumer.openConversation({
    skillId: '1001',
    campaignInfo: { campaignId: 99, engagementId: 98 },
  })
  await agent.accept(conversationId)
  for (const word of words) await consumer.say(conversationId, word)
  await agent.update(conversationId, { field: 'Skill', type: 'UPDATE', skill: '1002' })
  await agent.update(conversationId, {
    field: 'ConversationStateField',
    conversationState: 'CLOSE',
  })
  return { conversationId, consumer, agent }
}

test('a conversation is found by its id, with everything that the toolbelt reads', async () => {
  const { conversationId, consumer, agent } = await given(['my order is late'])
  const { body } = await post('conversations/conversation/search?v=2', { conversationId })

  expect(body._metadata.count).toBe(1)
  const [record] = body.conversationHistoryRecords
  expect(record.info).toMatchObject({
    conversationId,
    brandId: server.accountId,
    status: 'CLOSE',
    closeReason: 'AGENT',
    latestSkillId: 1002,
    latestAgentId: agent.userId,
    device: 'MOBILE',
    startTimeL: server.clock.now(),
    startTime: '2026-01-05 10:00:00.000+0000',
  })
  expect(record.campaign).toEqual({ campaignId: '99', campaignEngagementId: '98' })
  expect(
    record.messageRecords.find(({ sentBy }: { sentBy: string }) => sentBy === 'Consumer'),
  ).toMatchObject({
    type: 'TEXT_PLAIN',
    messageData: { msg: { text: 'my order is late' } },
    participantId: consumer.consumerId,
    timeL: server.clock.now(),
  })
  expect(record.agentParticipants[0]).toMatchObject({
    agentId: agent.userId,
    permission: 'ASSIGNED_AGENT',
  })
  expect(record.consumerParticipants[0]).toMatchObject({ firstName: 'Grace', lastName: 'Hopper' })
  expect(record.transfers[0]).toMatchObject({
    sourceSkillId: 1001,
    targetSkillId: 1002,
    reason: 'Skill',
  })
  expect(record.unAuthSdes.events[0]).toMatchObject({
    sdeType: 'CUSTOMER_INFO',
    customerInfo: { customerInfo: { customerId: '42' } },
  })
})

test('only the wanted parts of a record are sent', async () => {
  const { conversationId } = await given(['hello'])
  const { body } = await post('conversations/conversation/search?v=2', {
    conversationId,
    contentToRetrieve: ['messageRecords'],
  })
  expect(Object.keys(body.conversationHistoryRecords[0])).toEqual(['info', 'messageRecords'])
})

test('conversations are listed page by page, and found by their words', async () => {
  await given(['a very rare word: xylophone'])
  const { consumer } = await given(['another one'])
  const start = { from: server.clock.now() - 1000, to: server.clock.now() + 1000 }

  const page = await post('conversations/search?offset=0&limit=1&sort=start:desc', { start })
  expect(page.body.conversationHistoryRecords).toHaveLength(1)
  expect(page.body._metadata.count).toBeGreaterThan(1)
  expect(page.body._metadata.next.href).toContain('offset=1')

  const word = await post('conversations/search', { start, keyword: 'XYLOPHONE' })
  expect(word.body._metadata.count).toBe(1)
  const own = await post('conversations/consumer/search', { consumer: consumer.consumerId })
  expect(own.body._metadata.count).toBe(1)
  const late = await post('conversations/search', { start, latestSkillIds: ['1001'] })
  expect(late.body._metadata.count).toBe(0)
  const ever = await post('conversations/search', { start, skillIds: [1001], status: ['CLOSE'] })
  expect(ever.body._metadata.count).toBeGreaterThan(1)
})

test('members of a search that are null count as absent', async () => {
  const { conversationId } = await given(['null'])
  const start = { from: server.clock.now() - 3600_000, to: server.clock.now() }
  const nothing = { status: null, skillIds: null, keyword: null, contentToRetrieve: null }
  const found = await post('conversations/search', { start, ...nothing })
  expect(found.body.conversationHistoryRecords).toContainEqual(
    expect.objectContaining({ info: expect.objectContaining({ conversationId }) }),
  )
  const states = await post('agent-view/status', {
    skillIds: null,
    agentIds: null,
    agentPresence: null,
    status: ['OFFLINE'],
  })
  expect(states.body.agentStatusRecords).not.toEqual([])
})

test('a search without its time is refused with the name of what is missing', async () => {
  const { status, body } = await post('conversations/search', {})
  expect(status).toBe(400)
  expect(JSON.stringify(body)).toContain('start')
  const strange = await server.request(
    'POST',
    `/messaging_history/api/account/${server.accountId}/conversations/search`,
    { body: {} },
  )
  expect(strange.status).toBe(401)
})

test.each([
  [400, { start: { from: 1.5, to: 3 } }],
  [400, { start: { from: 1e300, to: 1e300 } }],
  [200, { duration: { from: 1.5 }, csat: { from: 1.5, to: 1e300 } }],
  [200, { latestSkillIds: [], skillIds: [], agentIds: [] }],
])('a search with bounds out of the ordinary is answered with %i: %j', async (expected, filter) => {
  const now = server.clock.now()
  const { status } = await post('conversations/search', {
    start: { from: now - 1000, to: now },
    ...filter,
  })
  expect(status).toBe(expected)
})

test('a search for no ids finds nothing', async () => {
  const { status, body } = await post('conversations/conversation/search', { conversationIds: [] })
  expect(status).toBe(200)
  expect(body.conversationHistoryRecords).toEqual([])
})

test('functions read the states of agents and queues', async () => {
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await agent.goOnline('AWAY')
  await using consumer = await openConsumerSocket(server)
  await consumer.openConversation({ skillId: '1001' })
  const agents = await post('agent-view/status', { skillIds: [1001] })
  expect(agents.body.agentStatusRecords).toContainEqual(
    expect.objectContaining({ agentId: agent.userId, currentStatus: 'AWAY' }),
  )
  await server.clock.advance(90_000)
  const health = await server.request(
    'GET',
    `/operations/api/account/${server.accountId}/msgqueuehealth/current/?skillIds=1001&v=1`,
    { bearer: server.adminBearer },
  )
  const metrics = health.json<{ skillsMetrics: Record<string, object> }>().skillsMetrics['1001']
  expect(metrics).toMatchObject({ waitTimeForAgentAssignment_90thPercentile: 90_000 })
})

test('attributes that are set for a visitor show to the agent and in the history', async () => {
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await using consumer = await openConsumerSocket(server)
  const visitorId = 'visitor-7'
  const conversationId = await consumer.openConversation({
    skillId: '1001',
    conversationContext: { type: 'SharkContext', visitorId, sessionId: 's1' },
  })
  const sde = { type: 'lead', lead: { topic: 'shoes', leadId: 'L-1' } }
  const own = { type: 'constructor', of: 'houses' }
  const set = await server.request(
    'PUT',
    `/api/account/${server.accountId}/monitoring/visitors/${visitorId}/visits/current/events?v=1&sid=s1`,
    { bearer: server.appToken, body: [sde, own] },
  )
  expect(set.status).toBe(200)
  const profile = await agent.request('.ams.userprofile.GetUserProfile', consumer.consumerId)
  expect(profile.body.authenticatedData.lp_sdes).toEqual([sde, own])
  const { body } = await post('conversations/conversation/search?v=2', { conversationId })
  expect(body.conversationHistoryRecords[0].unAuthSdes.events).toEqual([
    expect.objectContaining({ sdeType: 'LEAD', serverTimeStamp: String(server.clock.now()) }),
    expect.objectContaining({ sdeType: 'constructor', of: 'houses' }),
  ])
})
