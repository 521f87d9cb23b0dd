import { sql } from 'kysely'
import { expect, test } from 'vitest'
import {
  HOUR_AGO,
  openAgentSocket,
  openConsumerSocket,
  silenceKilledNodes,
  startDoomedNode,
  startTestServer,
  type TestServer,
} from '#testing'

test('agents of a killed node are offline after a while, and their rings go to others', async () => {
  await using server = await startTestServer({ clock: 'system' })
  await using doomed = await startDoomedNode(server)
  const { accountId, agents, adminBearer } = await server.anotherAccount()
  await server.request('PATCH', `/api/v1/accounts/${accountId}/settings`, {
    bearer: adminBearer,
    body: { messaging: { ringMs: 3600_000 } },
  })
  const here = { url: server.url, accountId }
  const lost = await openAgentSocket({ url: doomed.url()!, accountId }, agents[0]!)
  await lost.goOnline()
  await using consumer = await openConsumerSocket(here)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await lost.ring(conversationId)
  await using other = await openAgentSocket(here, agents[1]!)
  await other.goOnline()
  await doomed.kill()

  await silenceKilledNodes(server)
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

test('agents whose node counted as dead while it was alive are rung as before', async () => {
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

test('a node that stops leaves the list of nodes, and its agents count as gone at once', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const { accountId, agents, contexts, context } = server
  await using agent = await openAgentSocket({ url: server.urls[1]!, accountId }, agents[0]!)
  await agent.goOnline()
  const nodes = () => context.store.db.selectFrom('node').select('nodeId').execute()
  await expect.poll(nodes).toHaveLength(2)

  await contexts[1]![Symbol.asyncDispose]()

  expect(await nodes()).toEqual([{ nodeId: context.store.nodeId }])
  const { routing } = context.messaging
  await expect
    .poll(async () => (await routing.findAgent(accountId, agent.userId)).nodes)
    .toEqual([])
})
