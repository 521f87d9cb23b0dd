import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '#testing'
import { play } from './play.fixture.ts'

const SLOTS = 2

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

/** An account whose agents have few slots. */
async function givenAccount() {
  const { accountId, agents, adminBearer: bearer } = await server.anotherAccount()
  const base = `/api/v1/accounts/${accountId}`
  await server.request('PATCH', `${base}/settings`, {
    bearer,
    body: { messaging: { requestsPerSecond: 10_000 } },
  })
  const users = await server.request('GET', `${base}/users`, { bearer })
  const people = users.json<{ users: { userId: string; loginName: string }[] }>().users
  for (const { userId, loginName } of people) {
    if (!agents.some(({ user }) => user === loginName)) continue
    await server.request('PATCH', `${base}/users/${userId}`, { bearer, body: { maxSlots: SLOTS } })
  }
  return { accountId, agents, urls: server.urls }
}

/** What is stored in the end. */
async function stored(accountId: string) {
  const { db } = server.context.store
  const messages = await db
    .selectFrom('message')
    .select(['dialogId', 'sequence', 'body'])
    .where('accountId', '=', accountId)
    .orderBy('sequence')
    .execute()
  const conversations = await db
    .selectFrom('conversation')
    .select(['conversationId', 'state'])
    .where('accountId', '=', accountId)
    .execute()
  const agents = await db
    .selectFrom('document')
    .select(['id', 'state'])
    .where('accountId', '=', accountId)
    .where('kind', '=', 'agent')
    .execute()
  return { messages, conversations, agents }
}

const textOf = (body: object) => (body as { event: { message?: string } }).event.message

interface State {
  state: string
  assignedAgentId?: string
  rings: { userId: string; state: string }[]
}

test('two nodes keep their promises, whatever participants do and whichever cable is pulled', async () => {
  const account = await givenAccount()
  const acknowledged = await play({ ...account, consumers: 6, steps: 50, seed: 1 })
  await server.clock.advance(0)
  const { messages, conversations, agents } = await stored(account.accountId)

  expect(acknowledged.length).toBeGreaterThan(50)
  for (const { dialogId, text, sequence } of acknowledged) {
    const found = messages.filter((row) => row.dialogId === dialogId && textOf(row.body) === text)
    expect(found.map((row) => row.sequence)).toEqual([sequence])
  }
  for (const dialogId of new Set(messages.map((row) => row.dialogId))) {
    const sequences = messages.filter((row) => row.dialogId === dialogId).map((row) => row.sequence)
    expect(sequences).toEqual(sequences.map((_, index) => index))
  }
  for (const { id, state } of agents) {
    const { slots } = state as { slots: string[] }
    const held = conversations.filter((row) => {
      const { state: openness, assignedAgentId, rings } = row.state as State
      const isRung = rings.some((ring) => ring.userId === id && ring.state === 'WAITING')
      return openness === 'OPEN' && (assignedAgentId === id || isRung)
    })
    expect(new Set(slots)).toEqual(new Set(held.map(({ conversationId }) => conversationId)))
    expect(slots.length).toBeLessThanOrEqual(SLOTS)
  }
})
