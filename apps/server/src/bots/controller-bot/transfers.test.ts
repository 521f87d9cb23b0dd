import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenFunction,
  givenSkill,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import { invocationsOf } from './controller-bot.fixture.ts'
import { FIRST_INPUTS, openAgent, openConsumer, openIn, setUrgent } from './scene.fixture.ts'

const NEW = 'controllerbot_messaging_new_conversation'
const TTR = 'controllerbot_messaging_ttr'

let server: TestServer
let scene: Scene

beforeAll(async () => {
  server = await startTestServer()
  scene = server
})
afterAll(() => server[Symbol.asyncDispose]())

const consumerOf = (where = scene) => openConsumer(where, FIRST_INPUTS)

test('transfers name what does not exist, and use what does', async () => {
  const skillId = await givenSkill(scene)
  await givenFunction(
    scene,
    NEW,
    `callback(null, [{ type: 'transfer', skillId: '1002', agentId: '987654' }])`,
    { skills: [skillId] },
  )
  await using consumer = await consumerOf()
  const conversationId = await openIn(scene, consumer, skillId)
  const [invocation] = await invocationsOf(scene, conversationId)
  expect(invocation?.commands).toEqual([
    { type: 'defaultMessage', applied: true },
    {
      type: 'transfer',
      applied: true,
      reason: expect.stringMatching(/987654.*use a routing bot/),
    },
  ])
  await consumer.until(() => consumer.details(conversationId)?.skillId === '1002', 'the transfer')
})

test('a transfer takes numbers as ids', async () => {
  const skillId = await givenSkill(scene)
  await givenFunction(scene, NEW, `callback(null, { type: 'transfer', skillId: 1002 })`, {
    skills: [skillId],
  })
  await using consumer = await consumerOf()
  const conversationId = await openIn(scene, consumer, skillId)
  await consumer.until(() => consumer.details(conversationId)?.skillId === '1002', 'the transfer')
})

test('an agent who cannot log in any more is not proposed', async () => {
  const skillId = await givenSkill(scene)
  const draft = { loginName: 'gone', password: 'correct horse', skillIds: ['1002'] }
  const { userId } = await call<{ userId: string }>(scene, 'POST', 'users', draft)
  await call(scene, 'PATCH', `users/${userId}`, { enabled: false })
  const transfer = `{ type: 'transfer', skillId: '1002', agentId: '${userId}' }`
  await givenFunction(scene, NEW, `callback(null, ${transfer})`, { skills: [skillId] })
  await using consumer = await consumerOf()
  const conversationId = await openIn(scene, consumer, skillId)
  const [invocation] = await invocationsOf(scene, conversationId)
  const reason = expect.stringContaining(`No agent "${userId}"`)
  expect(invocation?.commands?.[1]).toEqual({ type: 'transfer', applied: true, reason })
  const [{ participantsDetails }] = consumer.details(conversationId).dialogs
  expect(participantsDetails).not.toContainEqual(expect.objectContaining({ state: 'SUGGESTED' }))
})

test('a transfer to a skill that does not exist is ignored', async () => {
  const skillId = await givenSkill(scene)
  await givenFunction(scene, NEW, `callback(null, { type: 'transfer', skillId: '4711' })`, {
    skills: [skillId],
  })
  await using consumer = await consumerOf()
  const conversationId = await openIn(scene, consumer, skillId)
  const [invocation] = await invocationsOf(scene, conversationId)
  expect(invocation?.commands?.[1]).toMatchObject({
    type: 'transfer',
    applied: false,
    reason: expect.stringContaining('4711'),
  })
  expect(consumer.details(conversationId)?.skillId).toBe(skillId)
})

test('an agent is proposed, by user id, old id or pid', async () => {
  const skillId = await givenSkill(scene)
  await using agent = await openAgent(scene)
  await call(scene, 'PATCH', `users/${agent.userId}`, { skillIds: [skillId] })
  const names = [agent.userId, agent.oldId, agent.pid]
  await givenFunction(
    scene,
    TTR,
    `const names = ${JSON.stringify(names)}
     callback(null, { type: 'transfer', agentId: names[input.payload.general.sessionId] })`,
    { skills: [skillId] },
  )
  for (const at of names.keys()) {
    await using consumer = await consumerOf()
    const conversationContext = { type: 'SharkContext', sessionId: String(at) }
    const conversationId = await consumer.openConversation({ skillId, conversationContext })
    await setUrgent(scene, consumer, conversationId)
    const [invocation] = await invocationsOf(scene, conversationId)
    expect(invocation?.commands?.[1]).toEqual({ type: 'transfer', applied: true })
    const state = await scene.context.messaging.reading.getConversation(
      scene.accountId,
      { kind: 'system', userId: '1', pid: '1' },
      conversationId,
    )
    expect(state.suggestion?.userId).toBe(agent.userId)
  }
})

test('a transfer to a skill counts, also when it proposes the assigned agent', async () => {
  const skillId = await givenSkill(scene)
  await using agent = await openAgent(scene)
  await call(scene, 'PATCH', `users/${agent.userId}`, { skillIds: [skillId, '1002'] })
  const transfer = `{ type: 'transfer', skillId: '1002', agentId: '${agent.userId}' }`
  await givenFunction(scene, TTR, `callback(null, ${transfer})`, { skills: [skillId, '1002'] })
  await using consumer = await consumerOf()
  const conversationId = await consumer.openConversation({ skillId })
  const ringOfBefore = await agent.ring(conversationId)
  await agent.accept(conversationId)
  await setUrgent(scene, consumer, conversationId)
  const [invocation] = await invocationsOf(scene, conversationId)
  expect(invocation?.commands?.[1]).toEqual({ type: 'transfer', applied: true })
  await consumer.until(() => consumer.details(conversationId)?.skillId === '1002', 'the transfer')
  const ringId = await agent.ring(conversationId, new Set([ringOfBefore]))
  await agent.request('.ams.routing.UpdateRingState', { ringId, ringState: 'ACCEPTED' })

  await consumer.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: [{ field: 'TTRField', ttrType: 'NORMAL' }],
  })
  await scene.clock.advance(0)
  const [, again] = await invocationsOf(scene, conversationId)
  expect(again?.commands?.[1]).toEqual({
    type: 'transfer',
    applied: false,
    reason: `Agent "${agent.userId}" is assigned already`,
  })
})

test('a transfer to the agent who is asked already leaves that agent its ring', async () => {
  const on = await anotherScene(server)
  const skillId = await givenSkill(on)
  await using agent = await openAgent(on)
  const transfer = `{ type: 'transfer', skillId: '${skillId}', agentId: '${agent.userId}' }`
  await givenFunction(on, TTR, `callback(null, ${transfer})`, { skills: [skillId] })
  await using consumer = await consumerOf(on)
  const conversationId = await consumer.openConversation({ skillId })
  await setUrgent(on, consumer, conversationId)
  const ringId = await agent.ring(conversationId)
  await consumer.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: [{ field: 'TTRField', ttrType: 'NORMAL' }],
  })
  await on.clock.advance(0)
  const [, again] = await invocationsOf(on, conversationId)
  expect(again?.commands?.[1]).toEqual({
    type: 'transfer',
    applied: false,
    reason: `Agent "${agent.userId}" is asked already`,
  })
  const answer = { ringId, ringState: 'ACCEPTED' }
  expect(await agent.request('.ams.routing.UpdateRingState', answer)).toMatchObject({ code: 200 })
})

test('a transfer to the skill that the conversation has takes it from its agent, and rings another one of the skill', async () => {
  // Its agents have no other conversations.
  const on = await anotherScene(server)
  const skillId = await givenSkill(on)
  await using first = await openAgent(on)
  await using second = await openAgent(on, 1)
  // The second one has less room: as long as nothing else counts, the first one is rung.
  await call(on, 'PATCH', `users/${second.userId}`, { skillIds: [skillId], maxSlots: 2 })
  const transfer = `{ type: 'transfer', skillId: '${skillId}' }`
  await givenFunction(on, TTR, `callback(null, ${transfer})`, { skills: [skillId] })
  await using busy = await consumerOf(on)
  await second.accept(await busy.openConversation({ skillId }))
  await call(on, 'PATCH', `users/${first.userId}`, { skillIds: [skillId] })
  await using consumer = await consumerOf(on)
  const conversationId = await consumer.openConversation({ skillId })
  await first.accept(conversationId)

  await setUrgent(on, consumer, conversationId)

  const [invocation] = await invocationsOf(on, conversationId)
  expect(invocation?.commands?.[1]).toEqual({ type: 'transfer', applied: true })
  await second.accept(conversationId)
  expect(second.details(conversationId)).toMatchObject({
    participants: { ASSIGNED_AGENT: [second.oldId] },
  })
})

test('a transfer to a skill ends that the conversation waits for one agent alone', async () => {
  const on = await anotherScene(server)
  const skillId = await givenSkill(on)
  await using agent = await openAgent(on)
  await call(on, 'PATCH', `users/${agent.userId}`, { skillIds: ['1002'] })
  const draft = { loginName: 'absent', password: 'correct horse', skillIds: [skillId] }
  const { userId } = await call<{ userId: string }>(on, 'POST', 'users', draft)
  const toAgent = `{ type: 'transfer', agentId: '${userId}' }`
  await givenFunction(on, NEW, `callback(null, ${toAgent})`, { skills: [skillId] })
  const toSkill = `{ type: 'transfer', skillId: '1002' }`
  await givenFunction(on, TTR, `callback(null, ${toSkill})`, { skills: [skillId] })
  await using consumer = await consumerOf(on)
  const conversationId = await openIn(on, consumer, skillId)

  await setUrgent(on, consumer, conversationId)

  await agent.accept(conversationId)
  expect(agent.details(conversationId)).toMatchObject({ skillId: '1002' })
})

test('with transfers to agents switched off only the agent is ignored', async () => {
  const other = await anotherScene(server)
  await call(other, 'PATCH', 'settings', { transferToAgentEnabled: false })
  await givenFunction(
    other,
    NEW,
    `callback(null, { type: 'transfer', skillId: '1002', agentId: '1000' })`,
  )
  await using consumer = await consumerOf(other)
  const conversationId = await openIn(scene, consumer)
  const [invocation] = await invocationsOf(other, conversationId)
  expect(invocation?.commands?.[1]).toEqual({
    type: 'transfer',
    applied: true,
    reason: expect.stringContaining('Transfers to agents are switched off for this account'),
  })
  await consumer.until(() => consumer.details(conversationId)?.skillId === '1002', 'the transfer')
})
