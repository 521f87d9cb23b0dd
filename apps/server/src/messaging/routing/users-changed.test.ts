import { expect, test } from 'vitest'
import { startTestServer } from '#testing'

test('the search for waiting conversations is in the commit that changes a user, once for all nodes', async () => {
  await using nodes = await startTestServer({ nodes: 2 })
  const { accountId, agents, adminBearer, context } = nodes
  const user = (await context.accounts.users.list(accountId)).find(
    ({ loginName }) => loginName === agents[0]!.user,
  )
  // Rows stay where they are.
  for (const node of nodes.contexts) await node.delivery.drain(0)
  const heard = nodes.contexts.map(
    ({ accounts }) => new Promise((resolve) => accounts.onUsersChanged(resolve)),
  )
  const body = { maxSlots: 7 }
  const path = `/api/v1/accounts/${accountId}/users/${user?.userId}`
  const reply = await nodes.request('PATCH', path, { bearer: adminBearer, body })
  const { db } = context.store
  const searches = () =>
    db.selectFrom('outbox').select('facts').where('consumer', '=', 'routing').execute()
  expect([reply.status, await searches()]).toEqual([
    200,
    [{ facts: { kind: 'agents', userIds: [user?.userId] } }],
  ])
  await Promise.all(heard)
  expect(await searches()).toHaveLength(1)
})
