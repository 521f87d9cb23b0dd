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

const HOUR_AGO = new Date(Date.now() - 3600_000)

/** The silence of nodes that were killed lies in the past: no test need sit it out. */
async function findDead({ contexts, context }: TestServer): Promise<void> {
  const alive = contexts.map(({ store }) => store.nodeId)
  const dead = context.store.db.updateTable('node').where('nodeId', 'not in', alive)
  await dead.set({ seenAt: HOUR_AGO }).execute()
}

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

  await findDead(server)
  await expect
    .poll(
      async () => (await server.context.messaging.routing.findAgent(accountId, lost.userId)).nodes,
    )
    .toEqual([])
  // Its agents' absence lies in the past, too.
  await server.context.store.db
    .updateTable('timer')
    .set({ runAt: HOUR_AGO })
    .where('accountId', '=', accountId)
    .where('kind', '=', 'agent-gone')
    .execute()
  await other.accept(conversationId)
})

test('what a killed node had no time left to tell is told when it is found dead', async () => {
  await using server = await startTestServer({ clock: 'system' })
  await using doomed = await startDoomedNode(server)
  const { accountId, agents } = server
  const { db } = server.context.store
  await using consumer = await openConsumerSocket({ url: server.url, accountId })
  const agent = await openAgentSocket({ url: doomed.url()!, accountId }, agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  // PostgreSQL finishes the commit of a node that is gone by then.
  await sql`create function linger() returns trigger language plpgsql as $$ begin
    if new.body->'event'->>'message' = 'my last words' then perform pg_sleep(1); end if;
    return new;
  end $$`.execute(db)
  await sql`create trigger linger before insert on message
    for each row execute function linger()`.execute(db)

  const unanswered = agent.say(conversationId, 'my last words')
  // Nobody is left to answer.
  unanswered.catch(() => undefined)
  const lingering = async () => {
    const { rows } = await sql`select from pg_stat_activity
      where datname = current_database() and wait_event = 'PgSleep'`.execute(db)
    return rows.length
  }
  await expect.poll(lingering).toBe(1)
  await doomed.kill()
  await expect.poll(lingering).toBe(0)
  await findDead(server)

  await consumer.message(conversationId, ({ text }) => text === 'my last words')
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
