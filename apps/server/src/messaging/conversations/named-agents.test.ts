import type { User } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
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

const ASSIGNED = { field: 'ParticipantsChange', role: 'ASSIGNED_AGENT' }

async function stage() {
  const scene = await anotherScene(server)
  const opened = new AsyncDisposableStack()
  const [agent, other] = await Promise.all(
    scene.agents.map(async (login) => opened.use(await openAgentSocket(scene, login))),
  )
  const consumer = opened.use(await openConsumerSocket(scene))
  await agent!.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent!.accept(conversationId)
  return {
    scene,
    agent: agent!,
    other: other!,
    conversationId,
    change: (...conversationField: object[]) =>
      agent!.request('.ams.cm.UpdateConversationField', { conversationId, conversationField }),
    /** Who has the conversation, as the consumer sees it. */
    assigned: () =>
      consumer
        .details(conversationId)
        ?.participants.filter(({ role }: { role: string }) => role === 'ASSIGNED_AGENT')
        .map(({ id }: { id: string }) => id),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

test('a request that removes another agent than the assigned one takes the conversation from nobody', async () => {
  await using on = await stage()
  const answer = await on.change({ ...ASSIGNED, type: 'REMOVE', userId: on.other.oldId })
  expect(answer).toMatchObject({ code: 409, body: expect.stringContaining('not the assigned') })
  expect(on.assigned()).toEqual([on.agent.pid])
})

test('a conversation is given to nobody who handles none', async () => {
  await using on = await stage()
  const draft = { loginName: 'analyst', password: 'words of an analyst 12', nickname: 'Kim' }
  const analyst = { ...draft, role: 'campaign-manager', skillIds: [] }
  const { userId } = await call<User>(on.scene, 'POST', 'users', analyst)
  const answer = await on.change(
    { ...ASSIGNED, type: 'REMOVE' },
    { ...ASSIGNED, type: 'ADD', userId },
  )
  expect(answer.code).toBe(404)
  expect(on.assigned()).toEqual([on.agent.pid])
})

test('an agent who is asked to take a conversation that it has joined is shown as asked also when its role changes', async () => {
  await using on = await stage()
  const { other, change } = on
  const joined = { field: 'ParticipantsChange', role: 'MANAGER' }
  const { conversationId } = on
  await other.update(conversationId, { ...joined, type: 'ADD' })
  await change(
    { ...ASSIGNED, type: 'REMOVE' },
    { ...ASSIGNED, type: 'SUGGEST', userId: other.oldId },
  )
  await other.update(conversationId, { ...joined, type: 'UPDATE', role: 'AGENT' })
  const shown = () => on.agent.details(conversationId).dialogs[0].participantsDetails
  await expect.poll(shown).toContainEqual({ id: other.oldId, role: 'AGENT', state: 'ACTIVE' })
  expect(shown()).toContainEqual({ id: other.oldId, role: 'ASSIGNED_AGENT', state: 'SUGGESTED' })
})
