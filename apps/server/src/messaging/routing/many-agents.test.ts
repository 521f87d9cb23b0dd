import { sql } from 'kysely'
import { expect, test } from 'vitest'
import {
  call,
  openAgentSocket,
  openConsumerSocket,
  type PlanWitness,
  type Scene,
  startWatchedServer,
  stepsOf,
} from '#testing'

const AGENTS = 2_000
/** What is stored about all of them stands on more. */
const FEW_PAGES = 30

/** So many others are there, and ready for conversations. */
async function givenAgents({ accountId, context }: Scene): Promise<void> {
  const { db } = context.store
  const state = JSON.stringify({
    availability: 'ONLINE',
    slots: [],
    nodes: ['another-node'],
    gone: false,
  })
  await sql`insert into document (account_id, kind, id, version, state)
    select ${accountId}, 'agent', 'many-' || n, 1, ${state}::jsonb
    from generate_series(1, ${AGENTS}::int) n`.execute(db)
  await sql`vacuum (analyze) document`.execute(context.store.maintenance)
}

/** Until nothing is left that asks for an agent. */
async function routed({ context }: Scene): Promise<void> {
  const routes = () =>
    context.store.db.selectFrom('outbox').select('id').where('consumer', '=', 'routing').execute()
  await expect.poll(routes).toEqual([])
}

/** What was read of agents since the last look; the plans of what read too many. */
function readsOfAgents(witness: PlanWitness): { count: number; dear: string[] } {
  const reads = witness
    .take()
    .filter(({ text }) => text.includes('select "id", "state" from "document"'))
  const dear = reads.filter(({ buffers }) => buffers >= FEW_PAGES)
  return { count: reads.length, dear: dear.map(({ plan }) => stepsOf(plan)) }
}

test('a conversation that waits has those agents read who have its skill, however many others are there', async () => {
  await using watched = await startWatchedServer()
  const { scene, witness } = watched
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await using consumer = await openConsumerSocket(scene)
  await routed(scene)
  await givenAgents(scene)
  witness.take()

  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.goOnline()
  await agent.accept(conversationId)

  const { count, dear } = readsOfAgents(witness)
  expect(count).toBeGreaterThan(0)
  expect(dear).toEqual([])
})

test('a change of users has those read who were changed, however many others are there', async () => {
  await using watched = await startWatchedServer()
  const { scene, witness } = watched
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await using consumer = await openConsumerSocket(scene)
  await agent.goOnline()
  await call(scene, 'PATCH', `users/${agent.userId}`, { skillIds: [] })
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await routed(scene)
  await givenAgents(scene)
  witness.take()

  await call(scene, 'POST', 'users', { loginName: 'another' })
  await call(scene, 'POST', 'skills', { name: 'Another' })
  await routed(scene)
  expect(readsOfAgents(witness).dear).toEqual([])
  await call(scene, 'PATCH', `users/${agent.userId}`, { skillIds: ['1001'] })
  await agent.accept(conversationId)
  await call(scene, 'DELETE', `users/${agent.userId}`)
  await routed(scene)

  const { count, dear } = readsOfAgents(witness)
  expect(count).toBeGreaterThan(0)
  expect(dear).toEqual([])
})
