import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type AgentSocket,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
  type TestServer,
} from '#testing'

/** Consumers are on one node, agents on the other. */
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

/** An account of its own with both agents on their sockets, not available yet. */
async function stage() {
  const made = await server.anotherAccount()
  const account = { url: server.urls[1]!, ...made }
  const consumers = { url: server.urls[0]!, accountId: made.accountId }
  const [ada, ben] = await Promise.all(
    account.agents.map((login) => openAgentSocket(account, login)),
  )
  return {
    account,
    ada: ada!,
    ben: ben!,
    newConsumer: () => openConsumerSocket(consumers),
    setSlots: (agent: AgentSocket, maxSlots: number) =>
      server.request('PATCH', `/api/v1/accounts/${account.accountId}/users/${agent.userId}`, {
        bearer: account.adminBearer,
        body: { maxSlots },
      }),
    async [Symbol.asyncDispose]() {
      await Promise.all([ada!, ben!].map((agent) => agent[Symbol.asyncDispose]()))
    },
  }
}

const ringIds = (agent: AgentSocket) =>
  agent.notifications
    .filter(({ type }) => type === '.ams.routing.RoutingTaskNotification')
    .flatMap(({ body }) => body.changes)
    .filter(({ type }) => type === 'UPSERT')
    .map(({ result }) => result.ringsDetails[0].ringId as string)

const details = (agent: AgentSocket, id: string) => agent.details(id)

test('a waiting conversation rings the agent that comes online, longest waiting first', async () => {
  await using on = await stage()
  await using first = await on.newConsumer()
  await using second = await on.newConsumer()
  await on.setSlots(on.ada, 1)
  const older = await first.openConversation({ skillId: '1001' })
  await server.clock.advance(1000)
  const newer = await second.openConversation({ skillId: '1001' })

  await on.ada.goOnline()
  await on.ada.accept(older)
  expect(ringIds(on.ada)).toHaveLength(1)

  await on.ada.update(older, { field: 'ConversationStateField', conversationState: 'CLOSE' })
  await on.ada.accept(newer)
})

test('the more urgent conversation is rung before one that has waited longer', async () => {
  await using on = await stage()
  await using first = await on.newConsumer()
  await using second = await on.newConsumer()
  await on.setSlots(on.ada, 1)
  await first.openConversation({ skillId: '1001' })
  const urgent = await second.openConversation({ skillId: '1001', ttrDefName: 'URGENT' })

  await on.ada.goOnline()
  await on.ada.ring(urgent)
  expect(ringIds(on.ada)).toHaveLength(1)
})

test('a conversation rings as soon as an agent is given its skill, or one more slot', async () => {
  await using on = await stage()
  await using first = await on.newConsumer()
  await using second = await on.newConsumer()
  const change = (method: string, path: string, body: object) =>
    server.request(method, `/api/v1/accounts/${on.account.accountId}/${path}`, {
      bearer: on.account.adminBearer,
      body,
    })
  await on.ada.goOnline()
  await on.setSlots(on.ada, 1)
  await change('POST', 'skills', { name: 'New', skillId: '5000' })
  const one = await first.openConversation({ skillId: '5000' })
  await server.clock.advance(1000)
  const two = await second.openConversation({ skillId: '5000' })
  await server.clock.advance(1000)
  expect(ringIds(on.ada)).toEqual([])

  await change('PATCH', `users/${on.ada.userId}`, { skillIds: ['5000'] })
  await on.ada.accept(one)
  await on.setSlots(on.ada, 2)
  await on.ada.accept(two)
})

test('an agent that loses the skill while it rings still comes back to that ring', async () => {
  await using on = await stage()
  await using consumer = await on.newConsumer()
  await on.ada.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await on.ada.ring(conversationId)
  await server.request('PATCH', `/api/v1/accounts/${on.account.accountId}/users/${on.ada.userId}`, {
    bearer: on.account.adminBearer,
    body: { skillIds: ['1002'] },
  })
  await using again = await openAgentSocket(on.account, on.ada)
  await again.goOnline()
  await again.ring(conversationId)
})

test('a rejected ring goes to another agent, and back at once when no other agent is free', async () => {
  await using on = await stage()
  await using consumer = await on.newConsumer()
  await on.ada.goOnline()
  await on.ben.goOnline('AWAY')
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  const ringId = await on.ada.ring(conversationId)
  await on.ada.request('.ams.routing.UpdateRingState', { ringId, ringState: 'REJECTED' })

  const again = await on.ada.ring(conversationId, new Set([ringId]))
  await on.ben.request('.ams.routing.SetAgentState', { availability: 'ONLINE' })
  await on.ada.request('.ams.routing.UpdateRingState', { ringId: again, ringState: 'REJECTED' })
  await on.ben.accept(conversationId)
  expect(details(on.ben, conversationId).participantsPId.ASSIGNED_AGENT).toEqual([on.ben.pid])
})

test('a conversation rings an agent that refused it twice only after a pause', async () => {
  await using on = await stage()
  await using consumer = await on.newConsumer()
  await on.ada.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  const seen = new Set<string>()
  for (const _refusal of [1, 2]) {
    const ringId = await on.ada.ring(conversationId, seen)
    seen.add(ringId)
    await on.ada.request('.ams.routing.UpdateRingState', { ringId, ringState: 'REJECTED' })
  }
  await server.clock.advance(4000)
  expect(ringIds(on.ada)).toHaveLength(2)
  await server.clock.advance(1000)
  await on.ada.ring(conversationId, seen)
})

test('an expired ring goes to another agent', async () => {
  await using on = await stage()
  await using consumer = await on.newConsumer()
  await on.ada.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  const ringId = await on.ada.ring(conversationId)
  await on.ben.goOnline()

  await server.clock.advance(72_000)
  await on.ben.ring(conversationId)
  const late = await on.ada.request('.ams.routing.UpdateRingState', {
    ringId,
    ringState: 'ACCEPTED',
  })
  expect(late.code).toBe(409)
})

test('a transfer to a skill frees the agent and rings the agents of that skill', async () => {
  await using on = await stage()
  await using consumer = await on.newConsumer()
  await server.request('PATCH', `/api/v1/accounts/${on.account.accountId}/users/${on.ada.userId}`, {
    bearer: on.account.adminBearer,
    body: { skillIds: ['1001'] },
  })
  await on.ada.goOnline()
  await on.ben.goOnline('OCCUPIED')
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await on.ada.accept(conversationId)
  await on.ada.update(
    conversationId,
    { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
    { field: 'Skill', type: 'UPDATE', skill: '1002' },
  )
  await on.ben.accept(conversationId)
  expect(details(on.ben, conversationId)).toMatchObject({
    skillId: '1002',
    participants: { ASSIGNED_AGENT: [on.ben.oldId] },
  })
})

test('a transfer rings who has given the conversation away only when nobody else of the new skill is free', async () => {
  await using on = await stage()
  await using consumer = await on.newConsumer()
  await using second = await on.newConsumer()
  await on.ada.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await on.ada.accept(conversationId)
  // Ben has less room than Ada, who has both skills, too.
  await on.setSlots(on.ben, 2)
  await on.ada.goOnline('AWAY')
  await on.ben.goOnline()
  await on.ben.accept(await second.openConversation({ skillId: '1001' }))
  await on.ada.goOnline()
  const rung = new Set(ringIds(on.ada))
  const transfer = (skill: string) =>
    on.ada.update(
      conversationId,
      { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
      { field: 'Skill', type: 'UPDATE', skill },
    )
  await transfer('1002')
  const ringId = await on.ben.ring(conversationId)
  expect(ringIds(on.ada).filter((one) => !rung.has(one))).toEqual([])
  await on.ben.request('.ams.routing.UpdateRingState', { ringId, ringState: 'REJECTED' })
  await on.ada.ring(conversationId, rung)
})

test('a transfer that cannot be done in whole is not done in part', async () => {
  await using on = await stage()
  await using consumer = await on.newConsumer()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  const transfer = (agent: AgentSocket, ...conversationField: object[]) =>
    agent.request('.ams.cm.UpdateConversationField', { conversationId, conversationField })
  const toSkill = { field: 'Skill', type: 'UPDATE', skill: '1002' }
  const release = { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' }
  await on.ada.goOnline()
  await on.ada.accept(conversationId)
  const nowhere = { field: 'Skill', type: 'UPDATE', skill: '9999' }
  expect((await transfer(on.ada, release, nowhere)).code).toBe(404)
  expect((await transfer(on.ada, toSkill, release, release)).code).toBe(409)
  expect(details(on.ada, conversationId)).toMatchObject({
    skillId: '1001',
    participants: { ASSIGNED_AGENT: [on.ada.oldId] },
  })
})

test('a transfer to an agent asks that agent alone, until the time to fall back', async () => {
  await using on = await stage()
  await using consumer = await on.newConsumer()
  await on.ada.goOnline()
  await on.ben.goOnline('AWAY')
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await on.ada.accept(conversationId)
  await on.ada.update(
    conversationId,
    { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
    {
      field: 'ParticipantsChange',
      type: 'SUGGEST',
      role: 'ASSIGNED_AGENT',
      userId: on.ben.oldId,
    },
    { field: 'Skill', type: 'UPDATE', skill: '1002' },
  )
  await on.ben.until(() => details(on.ben, conversationId)?.skillId === '1002')
  const shown = details(on.ben, conversationId)
  expect(shown.dialogs[0].participantsDetails).toContainEqual({
    id: on.ben.oldId,
    role: 'ASSIGNED_AGENT',
    state: 'SUGGESTED',
  })
  expect(shown.participants).not.toHaveProperty('ASSIGNED_AGENT')

  const rung = ringIds(on.ada).length
  await server.clock.advance(179_000)
  expect(ringIds(on.ada)).toHaveLength(rung)
  await server.clock.advance(1000)
  await on.ada.ring(conversationId, new Set(ringIds(on.ada).slice(0, rung)))
})

test('no agent is given more conversations than it has slots', async () => {
  await using on = await stage()
  await on.setSlots(on.ada, 2)
  await on.setSlots(on.ben, 1)
  await Promise.all([on.ada.goOnline(), on.ben.goOnline()])
  const consumers = await Promise.all(Array.from({ length: 6 }, on.newConsumer))
  await Promise.all(consumers.map((one) => one.openConversation({ skillId: '1001' })))
  await on.ada.until(() => ringIds(on.ada).length >= 2, 'both rings')
  await on.ben.until(() => ringIds(on.ben).length >= 1, 'a ring')
  await server.clock.advance(0)
  await Promise.all([on.ada.ping(), on.ben.ping()])

  expect(ringIds(on.ada)).toHaveLength(2)
  expect(ringIds(on.ben)).toHaveLength(1)
  await Promise.all(consumers.map((one) => one[Symbol.asyncDispose]()))
})

test('an agent that loses its sockets is not rung any more after 30 seconds', async () => {
  await using on = await stage()
  await using consumer = await on.newConsumer()
  await on.ada.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await on.ada.ring(conversationId)
  await on.ben.goOnline()
  on.ada.destroy()
  await on.ada.closed
  await expect
    .poll(async () => {
      const { nodes } = await server.context.messaging.routing.findAgent(
        on.account.accountId,
        on.ada.userId,
      )
      return nodes
    })
    .toEqual([])

  await server.clock.advance(30_000)
  await on.ben.accept(conversationId)
})

test('of two nodes that take the same ring for one agent only one assigns, and both say so', async () => {
  await using on = await stage()
  await using consumer = await on.newConsumer()
  await on.ada.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  const ringId = await on.ada.ring(conversationId)
  await using twin = await openAgentSocket({ ...on.account, url: server.urls[0]! }, on.ada)
  const answers = await Promise.all(
    [on.ada, twin].map((socket) =>
      socket.request('.ams.routing.UpdateRingState', { ringId, ringState: 'ACCEPTED' }),
    ),
  )
  expect(answers.map(({ code }) => code)).toEqual([200, 200])
  await on.ada.until(() => details(on.ada, conversationId)?.participantsPId.ASSIGNED_AGENT)
  expect(details(on.ada, conversationId).participantsPId.ASSIGNED_AGENT).toEqual([on.ada.pid])
})
