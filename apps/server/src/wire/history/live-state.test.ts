import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
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

test('the state of agents is that of those who are logged in, with what is published of each', async () => {
  const scene = await anotherScene(server)
  const path = `/messaging_history/api/account/${scene.accountId}/agent-view/status`
  const ask = async (body: object, query = '') => {
    const reply = await scene.request('POST', path + query, { bearer: scene.adminBearer, body })
    return reply.json<{
      _metadata: { count: number; next?: object }
      agentStatusRecords: { agentId: string }[]
    }>()
  }
  const ids = async (body: object, query?: string) =>
    (await ask(body, query)).agentStatusRecords.map(({ agentId }) => agentId)
  expect(await ask({})).toEqual({
    _metadata: {
      count: 0,
      self: { rel: 'self', href: path },
      shardsStatusResult: { partialResult: false },
    },
    accountID: scene.accountId,
    agentStatusRecords: [],
  })

  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await agent.goOnline()
  await server.clock.advance(1_000)

  const { userId } = agent
  expect((await ask({ skillIds: ['1001'] })).agentStatusRecords).toEqual([
    expect.objectContaining({
      agentId: userId,
      agentName: expect.any(String),
      agentSkills: expect.arrayContaining([{ skillId: '1001', skillName: expect.any(String) }]),
      agentGroupId: -1,
      currentStatus: 'ONLINE',
      currentStatusDuration: 1_000,
      currentStatusStartTimeL: server.clock.now() - 1_000,
      load: 0,
      busySlots: 0,
      agentPresence: 'true',
      currentConnectionState: 'CONNECTED',
    }),
  ])
  expect(await ids({ status: ['ONLINE'], connectionStates: ['CONNECTED'] })).toEqual([userId])
  expect(await ids({ connectionStates: ['DISCONNECTED'] })).toEqual([])
  expect(await ids({ status: ['AWAY'] })).toEqual([])
  const absent = await ids({ agentPresence: false })
  expect(absent).not.toContain(userId)
  expect(await ids({ status: ['OFFLINE'] })).toEqual(absent)
  expect(await ids({ agentPresence: false }, '?offset=1&limit=1')).toEqual([absent[1]])
  expect(await ask({ agentPresence: false }, '?limit=1')).toMatchObject({
    _metadata: { count: absent.length, next: { href: `${path}?limit=1&offset=1` } },
  })
})

test('the health of queues has every skill, and counts in all as by skill', async () => {
  const scene = await anotherScene(server)
  const path = `/operations/api/account/${scene.accountId}/msgqueuehealth/current/`
  const health = async (query = '') => {
    const reply = await scene.request('GET', path + query, { bearer: scene.adminBearer })
    return reply.json<{ skillsMetrics: Record<string, object>; metricsTotals: object }>()
  }
  const metrics = (unassigned: number, average: number, median: number, ninth: number) => ({
    unassignedConversations: unassigned,
    avgWaitTimeForAgentAssignment: average,
    maxWaitTimeForAgentAssignment: ninth,
    waitTimeForAgentAssignment_50thPercentile: median,
    waitTimeForAgentAssignment_90thPercentile: ninth,
  })
  // As published: where nothing waits, times are -1.
  const none = {
    ...metrics(0, -1, -1, -1),
    ...Object.fromEntries(
      [
        'actionableAndDuringTransfer',
        'actionableConversations',
        'notActionableConversations',
        'notActionableDuringTransfer',
        'overdueConversationsInQueue',
        'unassignedConversationsAndFirstTimeConsumer',
      ].map((name) => [name, 0]),
    ),
    avgWaitTimeForAgentAssignment_NewConversation: -1,
    avgWaitTimeForAgentAssignment_AfterTransfer: -1,
    avgWaitTimeForAgentAssignment_AfterTransferFromAgent: -1,
    maxWaitTimeForAgentAssignment_AfterTransferFromAgent: -1,
  }
  expect(await health('?skillIds=404')).toEqual({
    skillsMetrics: { 404: { time: server.clock.now(), ...none } },
    metricsTotals: none,
    metricsTotal: none,
  })
  await using consumers = new AsyncDisposableStack()
  const opened: string[] = []
  for (const skillId of ['1001', '1001', '1002']) {
    const consumer = consumers.use(await openConsumerSocket(scene))
    opened.push(await consumer.openConversation({ skillId }))
    await server.clock.advance(10_000)
  }
  const whole = await health()
  const { skillsMetrics, metricsTotals } = whole
  expect(skillsMetrics).toMatchObject({
    1001: metrics(2, 25_000, 30_000, 30_000),
    1002: metrics(1, 10_000, 10_000, 10_000),
  })
  expect(metricsTotals).toMatchObject(metrics(3, 20_000, 20_000, 30_000))
  // What the guide says for all of them, and what people write.
  expect(await health('?skillIds=all&v=1')).toEqual(whole)
  expect((await health('?skillIds=1002,%201001')).metricsTotals).toEqual(metricsTotals)

  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await agent.goOnline()
  const conversationId = opened[0]!
  await agent.accept(conversationId)
  await agent.update(conversationId, {
    field: 'ParticipantsChange',
    type: 'REMOVE',
    role: 'ASSIGNED_AGENT',
  })
  await server.clock.advance(5_000)
  expect((await health()).metricsTotals).toMatchObject({
    unassignedConversations: 3,
    actionableConversations: 3,
    notActionableConversations: 0,
    actionableAndDuringTransfer: 1,
    notActionableDuringTransfer: 0,
    unassignedConversationsAndFirstTimeConsumer: 3,
    overdueConversationsInQueue: 0,
    avgWaitTimeForAgentAssignment_NewConversation: 20_000,
    avgWaitTimeForAgentAssignment_AfterTransferFromAgent: 5_000,
    maxWaitTimeForAgentAssignment_AfterTransferFromAgent: 5_000,
  })
})
