import { afterAll, expect, test } from 'vitest'
import { type AgentSocket, openAgentSocket, servedConversation, startTestServer } from '#testing'

const server = await startTestServer({ nodes: 2 })
afterAll(() => server[Symbol.asyncDispose]())

const sendTwice = async (
  { request }: Pick<AgentSocket, 'request'>,
  conversationId: string,
  conversationField: object,
) => {
  const send = () =>
    request('.ams.cm.UpdateConversationField', { conversationId, conversationField })
  const [first, second] = [await send(), await send()]
  expect(first.code).toBe(200)
  expect([second.code, second.body]).toEqual([first.code, first.body])
}

const whole = { field: 'ConversationStateField', conversationState: 'CLOSE' }
const dialogOf = (dialogId: string) => ({
  field: 'DialogChange',
  type: 'UPDATE',
  dialog: { dialogId, state: 'CLOSE' },
})

test('a close that is sent again, as its answer was lost, is answered as before; the other side is told that it is closed', async () => {
  const closes = [() => whole, dialogOf]
  for (const close of closes) {
    for (const closer of ['agent', 'consumer'] as const) {
      await using on = await servedConversation(server)
      const { conversationId } = on
      await sendTwice(on[closer], conversationId, close(conversationId))
      const other = closer === 'agent' ? on.consumer : on.agent
      const conversationField = close(conversationId)
      const late = await other.request('cm.UpdateConversationField', {
        conversationId,
        conversationField,
      })
      expect(late.code).toBe(409)
    }
  }
})

test('a close with other changes that is sent again, as its answer was lost, is answered as before; another is not', async () => {
  const urgent = { field: 'TTRField', ttrType: 'URGENT' }
  const other = { field: 'Skill', type: 'UPDATE', skill: '-1' }
  for (const close of [() => whole, dialogOf]) {
    for (const closer of ['agent', 'consumer'] as const) {
      await using on = await servedConversation(server)
      const { conversationId } = on
      const changes = closer === 'agent' ? [other, urgent] : [urgent]
      await sendTwice(on[closer], conversationId, [...changes, close(conversationId)])
      const late = await on[closer].request('cm.UpdateConversationField', {
        conversationId,
        conversationField: [{ ...urgent, ttrType: 'NORMAL' }, close(conversationId)],
      })
      expect(late.code).toBe(409)
    }
  }
})

test('who joins again in the same role, as the answer was lost, is answered as before', async () => {
  await using on = await servedConversation(server)
  await using manager = await openAgentSocket(on.here, on.agents[1]!)
  const join = { field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER' }
  await sendTwice(manager, on.conversationId, join)
  const otherwise = await manager.request('.ams.cm.UpdateConversationField', {
    conversationId: on.conversationId,
    conversationField: { ...join, role: 'READER' },
  })
  expect(otherwise.code).toBe(409)
  await sendTwice(on.agent, on.conversationId, { ...join, role: 'ASSIGNED_AGENT' })
})

test('who leaves again, or takes somebody out again, as the answer was lost, is answered as before', async () => {
  await using on = await servedConversation(server)
  const { conversationId } = on
  for (const role of ['MANAGER', 'READER']) {
    await using manager = await openAgentSocket(on.here, on.agents[1]!)
    const of = { field: 'ParticipantsChange', role }
    await manager.update(conversationId, { ...of, type: 'ADD' })
    await sendTwice(manager, conversationId, { ...of, type: 'REMOVE' })
    await manager.update(conversationId, { ...of, type: 'ADD' })
    await sendTwice(on.agent, conversationId, { ...of, type: 'REMOVE', userId: manager.oldId })
  }
  const never = await on.agent.request('.ams.cm.UpdateConversationField', {
    conversationId,
    conversationField: { field: 'ParticipantsChange', type: 'REMOVE', role: 'MANAGER' },
  })
  expect(never.code).toBe(404)
})

test('who has handed a conversation over and does so again, as the answer was lost, is answered as before; who has it by now keeps it', async () => {
  const assigned = { field: 'ParticipantsChange', role: 'ASSIGNED_AGENT' }
  const remove = { ...assigned, type: 'REMOVE' }
  const skill = (skillId: string) => ({ field: 'Skill', type: 'UPDATE', skill: skillId })
  for (const by of ['agent', 'admin'] as const) {
    await using on = await servedConversation(server)
    await using other = await openAgentSocket(on.here, on.agents[1]!)
    await using admin = await openAgentSocket(on.here, on.account.admin)
    const { conversationId, agent } = on
    const made = await on.admin('POST', 'skills', { name: 'Others' })
    const { skillId } = made.json<{ skillId: string }>()
    const skills = await on.admin('PATCH', `users/${other.userId}`, { skillIds: ['1001', skillId] })
    expect(skills.status).toBe(200)
    await other.goOnline()
    const socket = by === 'agent' ? agent : admin
    const away = { ...remove, userId: agent.oldId }
    const suggest = { ...assigned, type: 'SUGGEST', userId: other.oldId }
    const requests = [
      [away, skill(skillId)],
      [away, suggest, skill(skillId)],
      [away, { ...assigned, type: 'ADD', userId: other.oldId }],
    ]
    const rung = new Set<string>()
    for (const request of requests) {
      await sendTwice(socket, conversationId, request)
      if (!request.some(({ type }) => type === 'ADD')) {
        const ringId = await other.ring(conversationId, rung)
        rung.add(ringId)
        const accepted = { ringId, ringState: 'ACCEPTED' }
        expect((await other.request('.ams.routing.UpdateRingState', accepted)).code).toBe(200)
      }
      await sendTwice(socket, conversationId, request)
      await other.say(conversationId, 'It is mine')
      const late = { conversationId, conversationField: [away, skill('1001')] }
      expect((await socket.request('.ams.cm.UpdateConversationField', late)).code).toBeGreaterThan(
        400,
      )
      const mine = { ...remove, userId: other.oldId }
      await other.update(conversationId, mine, { ...assigned, type: 'ADD', userId: agent.oldId })
    }
  }
})

test('who has given a conversation back, and does so again, is answered as before', async () => {
  await using on = await servedConversation(server)
  const remove = { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' }
  await sendTwice(on.agent, on.conversationId, remove)
})
