import { sql } from 'kysely'
import { expect, test } from 'vitest'
import {
  openAgentSocket,
  openConsumerSocket,
  startDoomedNode,
  startTestServer,
  type TestServer,
} from '#testing'
import { play, setScene } from './play.fixture.ts'
import { expectPromisesKept, timesOf } from './promises.fixture.ts'

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

test('two nodes keep their promises, whatever participants do and whichever cable is pulled', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const { accountId, agents } = await givenAccount(server)
  const { urls } = server
  const scene = setScene({ accountId, agents, urls: () => urls, consumers: 6, seed: 1 })
  await play(scene, (step) => step < STEPS)
  await server.clock.advance(0)

  expect(scene.acknowledged.length).toBeGreaterThan(50)
  await expectPromisesKept(server, scene, SLOTS)
})

test('a node that is killed again and again breaks no promise, and timers fire as often as they shall', async () => {
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
  const scene = setScene({ accountId, agents, urls, consumers: 6, seed: 2 })
  async function killNow(): Promise<void> {
    const before = scene.acknowledged.length
    await expect.poll(() => scene.acknowledged.length - before).toBeGreaterThan(40)
    await doomed.kill()
    await doomed.start()
    killed += 1
  }
  const kills = Array.from({ length: KILLS }).reduce<Promise<void>>(
    (earlier) => earlier.then(killNow),
    Promise.resolve(),
  )
  await Promise.all([play(scene, () => killed < KILLS), kills])

  await expect
    .poll(() => expectPromisesKept(server, scene, SLOTS).then(() => 'kept', String))
    .toBe('kept')
  await expect
    .poll(async () => {
      const times = await timesOf(server, accountId, calls.text)
      return left.map((conversationId) => times.get(conversationId)?.length)
    })
    .toEqual(left.map(() => 5))
  await Promise.all(waiting.map((consumer) => consumer[Symbol.asyncDispose]()))
}, 240_000)

test('agents of a killed node are offline after a while, and their rings go to others', async () => {
  await using server = await startTestServer({ clock: 'system' })
  await using doomed = await startDoomedNode(server)
  const { accountId, agents } = await givenAccount(server, { ringMs: 3600_000 })
  const here = { url: server.url, accountId }
  const lost = await openAgentSocket({ url: doomed.url()!, accountId }, agents[0]!)
  await lost.goOnline()
  await using consumer = await openConsumerSocket(here)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await lost.ring(conversationId)
  await using other = await openAgentSocket(here, agents[1]!)
  await other.goOnline()
  await doomed.kill()

  const { db } = server.context.store
  // Its silence, and the absence of its agents, lie in the past: the test need not sit them out.
  const hourAgo = new Date(Date.now() - 3600_000)
  const { contexts } = server
  await db
    .updateTable('node')
    .set({ seenAt: hourAgo })
    .where(
      'nodeId',
      'not in',
      contexts.map(({ store }) => store.nodeId),
    )
    .execute()
  await expect
    .poll(async () => (await server.context.conversations.agent(accountId, lost.userId)).nodes)
    .toEqual([])
  await db
    .updateTable('timer')
    .set({ runAt: hourAgo })
    .where('accountId', '=', accountId)
    .where('kind', '=', 'agent-gone')
    .execute()
  await other.accept(conversationId)
})

/** Every heartbeat of a node comes an hour late, until this is disposed. */
async function silence({ context }: TestServer, nodeId: string): Promise<AsyncDisposable> {
  const { db } = context.store
  await sql`create function silence() returns trigger language plpgsql as $$ begin
    if new.node_id = ${sql.lit(nodeId)} then new.seen_at := new.seen_at - interval '1 hour'; end if;
    return new;
  end $$`.execute(db)
  await sql`create trigger silence before insert or update on node
    for each row execute function silence()`.execute(db)
  return {
    async [Symbol.asyncDispose]() {
      await sql`drop trigger silence on node`.execute(db)
    },
  }
}

test('agents whose node was taken for dead while it lived are rung as before', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const { accountId, agents, contexts } = server
  const { db } = server.context.store
  await using agent = await openAgentSocket({ url: server.urls[1]!, accountId }, agents[0]!)
  await agent.goOnline()
  const versionOfAgent = async () => {
    const found = db.selectFrom('document').select('version').where('id', '=', agent.userId)
    return (await found.where('kind', '=', 'agent').executeTakeFirstOrThrow()).version
  }
  const before = await versionOfAgent()
  {
    await using _ = await silence(server, contexts[1]!.store.nodeId)
    await expect.poll(versionOfAgent).toBeGreaterThan(before)
    await server.clock.advance(31_000)
  }
  await using consumer = await openConsumerSocket({ url: server.url, accountId })
  await agent.ring(await consumer.openConversation({ skillId: '1001' }))
})
