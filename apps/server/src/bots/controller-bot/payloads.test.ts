import type { CbotEventType, MessagingPayload } from '@parley/contract/events'
import { CBOT_EVENT_TYPES, eventIdOf, findEvent } from '@parley/contract/events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type AgentSocket,
  call,
  openConsumerSocket,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import { agentScenarios } from './agent-scenarios.fixture.ts'
import { consumerScenarios } from './consumer-scenarios.fixture.ts'
import { payloadsOf } from './controller-bot.fixture.ts'
import {
  givenSilentFunctions,
  openAgent,
  openConsumer,
  payloadOf,
  setOffHours,
} from './scene.fixture.ts'
import {
  closeBy,
  controllerOf,
  type Expected,
  MINUTE_MS,
  normal,
  served,
  type ScenarioDeps,
  type Scenario,
  type Timings,
  variants,
} from './scenario.fixture.ts'
import { timeScenarios } from './time-scenarios.fixture.ts'

const scenarios: Partial<Record<CbotEventType, Scenario>> = {
  ...consumerScenarios,
  ...agentScenarios,
  ...timeScenarios,
}

let server: TestServer
const scenes = new Map<Timings, Scene>()

beforeAll(async () => {
  server = await startTestServer()
  for (const { timings } of variants) scenes.set(timings, await givenScene(timings))
})
afterAll(() => server[Symbol.asyncDispose]())

async function givenScene(timings: Timings): Promise<Scene> {
  const { url, clock, context, request } = server
  const scene: Scene = { ...(await server.anotherAccount()), url, clock, context, request }
  await givenSilentFunctions(scene)
  await call(scene, 'PATCH', 'settings', { messaging: { autoCloseMs: 25 * MINUTE_MS } })
  for (const [type, timing] of Object.entries(timings)) {
    await call(scene, 'PUT', `automatic-messages/${type}`, { timing: { ...timing, repeat: 1 } })
  }
  return scene
}

function originator(deps: ScenarioDeps, { by, role = 'ASSIGNED_AGENT' }: Expected): object {
  if (by === 'consumer') {
    const id = deps.consumer.consumerId
    const { clientProperties, localAddress: ipAddress } = deps.inputs
    return {
      originatorId: id,
      originatorPid: id,
      originatorMetadata: {
        id,
        role: 'CONSUMER',
        clientProperties: { ...clientProperties, ipAddress, type: '.ClientProperties' },
      },
    }
  }
  if (by === 'controller') {
    const { userId, pid } = controllerOf(deps.scene)
    return {
      originatorId: `${deps.scene.accountId}.${userId}`,
      originatorPid: pid,
      originatorMetadata: { id: pid, role: 'CONTROLLER' },
    }
  }
  return {
    originatorId: by.oldId,
    originatorPid: by.pid,
    originatorMetadata: { id: by.pid, role },
  }
}

/** The sections of a conversation in which nothing of theirs has changed. Participants: see the test. */
function unchanged(skillId: string, { idle }: MessagingPayload): object {
  return {
    end: {},
    idle: idle.lastConsumerMsgTs === undefined ? {} : { lastConsumerMsgTs: expect.any(Number) },
    mid: {},
    routing: { oldSkillId: skillId, newSkillId: skillId },
    start: { firstConversation: true },
    ttr: { oldTtr: normal, newTtr: normal },
  }
}

const cases = CBOT_EVENT_TYPES.flatMap((type) => {
  const play = scenarios[type]
  return play ? variants.map((variant) => ({ type, play, ...variant })) : []
})

test.each(cases)(
  'the payload of $type says what has happened, on skill $inputs.request.skillId',
  async ({ type, play, inputs, repeated, timings }) => {
    const scene = scenes.get(timings)
    if (!scene) throw new Error('No scene')
    const agents: AgentSocket[] = []
    await setOffHours(scene, false)
    await using consumer = await openConsumer(scene, inputs)
    const deps: ScenarioDeps = {
      scene,
      inputs,
      timings,
      consumer,
      async agent(nth) {
        const agent = await openAgent(scene, nth)
        agents.push(agent)
        return agent
      },
    }
    const startedAfter = scene.clock.now()

    const expected = await play(deps)

    const payload = await payloadOf(scene, expected.conversationId, type)
    const { startTs } = payload.general
    const { newParticipants } = payload.participantChange
    const { value } = expected.section.ttr?.newTtr ?? normal
    expect(payload).toEqual({
      general: {
        cbotEventType: type,
        type: 'UPSERT',
        convId: expected.conversationId,
        dialogId: expected.conversationId,
        startTs,
        serverTimestamp: expect.any(Number),
        effectiveTTR: startTs + value * 1000,
        oldConvState: 'OPEN',
        newConvState: 'OPEN',
        inOffHours: false,
        clientIpAdress: inputs.localAddress,
        clientIpAddress: inputs.localAddress,
        ...repeated,
        ...originator(deps, expected),
        ...expected.general,
      },
      ...unchanged(inputs.request.skillId, payload),
      participantChange: { oldParticipants: newParticipants, newParticipants },
      ...expected.section,
    })
    expect(newParticipants).toEqual(
      expect.arrayContaining([
        { id: expect.any(String), role: 'CONSUMER' },
        { id: controllerOf(scene).pid, role: 'CONTROLLER' },
      ]),
    )
    expect(startTs).toBeGreaterThanOrEqual(startedAfter)
    expect(payload.general.serverTimestamp).toBeGreaterThanOrEqual(startTs)
    expect(findEvent(eventIdOf(type))?.payload.safeParse(payload).error).toBeUndefined()

    await closeBy(consumer, expected.conversationId)
    for (const agent of agents) await agent[Symbol.asyncDispose]()
    // Only then the agents count as gone.
    await scene.clock.advance(MINUTE_MS)
  },
)

test('a client that names no visit gets one: a visitor of its own, and a session for each conversation', async () => {
  const scene = scenes.get(variants[0]!.timings)!
  await setOffHours(scene, false)
  await using consumer = await openConsumerSocket(scene)
  const generals: MessagingPayload['general'][] = []
  for (const body of [undefined, { skillId: '1001', conversationContext: { lang: 'en' } }]) {
    const conversationId = await consumer.openConversation(body)
    const [type] = generals.length
      ? (['CONSUMER_OPEN_NEW_CONVERSATION'] as const)
      : (['CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME'] as const)
    generals.push((await payloadOf(scene, conversationId, type)).general)
    await closeBy(consumer, conversationId)
  }
  const [first, second] = generals
  for (const { visitorId, sessionId } of generals) {
    expect(visitorId).toMatch(/^[\w-]{22}$/)
    expect(sessionId).toMatch(/^[\w-]{22}$/)
  }
  expect(second?.visitorId).toBe(first?.visitorId)
  expect(second?.sessionId).not.toBe(first?.sessionId)
  for (const absent of ['contextType', 'campaignInfo', 'clientFeatures', 'messagingChannel']) {
    expect(Object.keys(first ?? {})).not.toContain(absent)
  }
})

test.each(variants)(
  'the payload has a response time that was set by hand as it was set',
  async (variant) => {
    const { inputs, timings } = variant
    const scene = scenes.get(timings)!
    await using consumer = await openConsumer(scene, inputs)
    await using agent = await openAgent(scene)
    const { conversationId } = await served({
      ...variant,
      scene,
      consumer,
      agent: async () => agent,
    })
    const time = scene.clock.now() + timings.AGENT_NON_RESPONSIVE.time * MINUTE_MS
    await agent.update(conversationId, { field: 'ManualETTR', time })

    const payload = await payloadOf(scene, conversationId, 'AGENT_UPDATED_RESPONSE_TIME')
    expect(payload).toMatchObject({
      general: { manualETTR: String(time), effectiveTTR: time },
      ttr: { oldTtr: normal, newTtr: normal },
    })
    await closeBy(consumer, conversationId)
  },
)

test.each(variants)(
  'an agent that hands over or adds another agent is the originator, with its role',
  async (variant) => {
    const { inputs, timings } = variant
    const scene = scenes.get(timings)!
    await using consumer = await openConsumer(scene, inputs)
    await using agent = await openAgent(scene)
    await using second = await openAgent(scene, 1)
    const agents = [agent, second]
    const conversationId = await consumer.openConversation(inputs.request)
    const first = await Promise.any(
      agents.map(async (one) => {
        await one.ring(conversationId)
        return one
      }),
    )
    await first.accept(conversationId)
    const other = agents.find((one) => one !== first)!
    const field = { field: 'ParticipantsChange' }
    await first.update(conversationId, {
      ...field,
      type: 'ADD',
      role: 'AGENT',
      userId: other.oldId,
    })
    const skill = inputs.request.skillId === '1001' ? '1002' : '1001'
    await first.update(
      conversationId,
      { ...field, type: 'REMOVE', role: 'ASSIGNED_AGENT' },
      { field: 'Skill', type: 'UPDATE', skill },
    )

    const originatorMetadata = { id: first.pid, role: 'ASSIGNED_AGENT' }
    for (const type of [
      'ANOTHER_AGENT_JOINED_CONVERSATION',
      'BACK_TO_QUEUE',
      'ENGAGEMENT_TRANSFERED',
    ] as const) {
      const payload = await payloadOf(scene, conversationId, type)
      expect(payload.general).toMatchObject({ originatorPid: first.pid, originatorMetadata })
    }
    await closeBy(consumer, conversationId)
  },
)

test.each(variants)(
  'a participant with another role stands beside its former role',
  async (variant) => {
    const { inputs, timings } = variant
    const scene = scenes.get(timings)!
    // Only then the agents of before count as gone.
    await scene.clock.advance(MINUTE_MS)
    await using consumer = await openConsumer(scene, inputs)
    await using agent = await openAgent(scene)
    const { conversationId } = await served({
      ...variant,
      scene,
      consumer,
      agent: async () => agent,
    })
    await using second = await openAgent(scene, 1)
    const change = { field: 'ParticipantsChange', userId: second.oldId }
    await second.update(conversationId, { ...change, type: 'ADD', role: 'AGENT' })
    await scene.clock.advance(1000)
    await second.update(conversationId, { ...change, type: 'UPDATE', role: 'MANAGER' })
    await second.update(conversationId, { ...change, type: 'UPDATE', role: 'READER' })
    await scene.clock.advance(0)

    const others = [
      { id: consumer.consumerId, role: 'CONSUMER' },
      { id: agent.pid, role: 'ASSIGNED_AGENT' },
    ]
    const controller = { id: controllerOf(scene).pid, role: 'CONTROLLER' }
    const beside = (role: string) => [...others, { id: second.pid, role }, controller]
    const changes = async (type: CbotEventType) =>
      (await payloadsOf(scene, conversationId, type)).map((payload) => payload.participantChange)
    expect(await changes('ANOTHER_AGENT_JOINED_CONVERSATION')).toEqual([
      { oldParticipants: [...others, controller], newParticipants: beside('AGENT') },
      { oldParticipants: beside('AGENT'), newParticipants: beside('MANAGER') },
    ])
    expect(await changes('JOINED_AGENT_LEFT_CONVERSATION')).toEqual([
      { oldParticipants: beside('MANAGER'), newParticipants: beside('READER') },
    ])
    // It left as what it was.
    const left = await payloadOf(scene, conversationId, 'JOINED_AGENT_LEFT_CONVERSATION')
    expect(left.general.originatorMetadata).toMatchObject({ id: second.pid, role: 'MANAGER' })
    await closeBy(consumer, conversationId)
  },
)
