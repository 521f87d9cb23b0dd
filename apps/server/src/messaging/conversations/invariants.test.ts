import { expect, test } from 'vitest'
import { openConsumerSocket, startDoomedNode, startTestServer, type TestServer } from '#testing'
import { expectInvariants, timesOf } from './invariants.fixture.ts'
import { runScenario, startScenario } from './scenarios.fixture.ts'

const SLOTS = 2
const STEPS = 50
const KILLS = 4

/** An account whose agents have few slots. */
async function givenAccount(server: TestServer, messaging: object = {}) {
  const account = await server.anotherAccount()
  const { accountId, agents, adminBearer: bearer } = account
  const base = `/api/v1/accounts/${accountId}`
  await server.request('PATCH', `${base}/settings`, {
    bearer,
    body: { messaging: { requestsPerSecond: 10_000, ...messaging } },
  })
  const users = await server.request('GET', `${base}/users`, { bearer })
  const people = users.json<{ users: { userId: string; loginName: string }[] }>().users
  for (const { userId, loginName } of people) {
    if (!agents.some(({ user }) => user === loginName)) continue
    await server.request('PATCH', `${base}/users/${userId}`, { bearer, body: { maxSlots: SLOTS } })
  }
  return account
}

test('two nodes keep the invariants, whatever participants do and whichever connection is lost', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const { accountId, agents } = await givenAccount(server)
  const { urls } = server
  const scenario = startScenario({ accountId, agents, urls: () => urls, consumers: 6, seed: 1 })
  await runScenario(scenario, (step) => step < STEPS)
  await server.clock.advance(0)

  expect(scenario.acknowledged.length).toBeGreaterThan(50)
  await expectInvariants(server, scenario, SLOTS)
})

test('a node that is killed again and again breaks no invariant, and timers fire as often as they are set to', async () => {
  await using server = await startTestServer({ clock: 'system' })
  await using doomed = await startDoomedNode(server)
  const { accountId, agents, adminBearer } = await givenAccount(server, { ringMs: 1000 })
  const calls = {
    text: 'We will be with you',
    timing: { time: 2, timeUnits: 'seconds', repeat: 5 },
  }
  const path = `/api/v1/accounts/${accountId}/automatic-messages/CONV_AWAITING_IN_QUEUE`
  const set = await server.request('PUT', path, { bearer: adminBearer, body: calls })
  expect(set.status).toBe(200)
  const skill = await server.request('POST', `/api/v1/accounts/${accountId}/skills`, {
    bearer: adminBearer,
    body: { name: 'nobody has it' },
  })
  const { skillId } = skill.json<{ skillId: string }>()
  const waiting = await Promise.all(
    Array.from({ length: 8 }, () => openConsumerSocket({ url: server.url, accountId })),
  )
  const left = await Promise.all(waiting.map((consumer) => consumer.openConversation({ skillId })))

  let killed = 0
  const urls = () => [server.url, ...[doomed.url()].filter((url) => url !== undefined)]
  const scenario = startScenario({ accountId, agents, urls, consumers: 6, seed: 2 })
  async function killNow(): Promise<void> {
    const before = scenario.acknowledged.length
    await expect.poll(() => scenario.acknowledged.length - before).toBeGreaterThan(40)
    await doomed.kill()
    await doomed.start()
    killed += 1
  }
  const kills = Array.from({ length: KILLS }).reduce<Promise<void>>(
    (earlier) => earlier.then(killNow),
    Promise.resolve(),
  )
  await Promise.all([runScenario(scenario, () => killed < KILLS), kills])

  await expect
    .poll(() => expectInvariants(server, scenario, SLOTS).then(() => 'kept', String))
    .toBe('kept')
  await expect
    .poll(async () => {
      const times = await timesOf(server, accountId, calls.text)
      return left.map((conversationId) => times.get(conversationId)?.length)
    })
    .toEqual(left.map(() => 5))
  await Promise.all(waiting.map((consumer) => consumer[Symbol.asyncDispose]()))
})
