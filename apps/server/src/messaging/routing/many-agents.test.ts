import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openAgentSocket, openConsumerSocket, startWatchedServer, stepsOf } from '#testing'

const AGENTS = 2_000
/** What is stored about all of them stands on more. */
const FEW_PAGES = 30

test('a conversation that waits has those agents read who have its skill, however many others are there', async () => {
  await using watched = await startWatchedServer()
  const { scene, witness } = watched
  const { accountId, context } = scene
  const { db } = context.store
  const state = JSON.stringify({
    availability: 'ONLINE',
    slots: [],
    nodes: ['another-node'],
    gone: false,
  })
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await using consumer = await openConsumerSocket(scene)
  const routes = () =>
    db.selectFrom('outbox').select('id').where('consumer', '=', 'routing').execute()
  await expect.poll(routes).toEqual([])
  await sql`insert into document (account_id, kind, id, version, state)
    select ${accountId}, 'agent', 'many-' || n, 1, ${state}::jsonb
    from generate_series(1, ${AGENTS}::int) n`.execute(db)
  await sql`vacuum (analyze) document`.execute(context.store.maintenance)
  witness.take()

  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.goOnline()
  await agent.accept(conversationId)

  const reads = witness
    .take()
    .filter(({ text }) => text.includes('select "id", "state" from "document"'))
  expect(reads).not.toEqual([])
  const dear = reads.filter(({ buffers }) => buffers >= FEW_PAGES)
  expect(dear.map(({ plan }) => stepsOf(plan))).toEqual([])
})
