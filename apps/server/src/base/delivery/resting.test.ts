import { expect, test } from 'vitest'
import {
  ending,
  Facts,
  openTestNode,
  rows,
  START,
  type TestNode,
  twoNodes,
} from './two-nodes.fixture.ts'

/** Has a node do its work, and say what it has done. */
function working({ delivery }: TestNode, done: number[]): void {
  delivery.consume(ending(delivery, ({ facts: { n } }) => void done.push(n)))
  delivery.onTimer({
    kind: 'tick',
    workers: 'platform',
    facts: Facts,
    exhausted: 'dead letter',
    async fire({ accountId, kind, key, generation, facts }) {
      done.push(facts.n)
      await delivery.commit({ accountId, documents: [], completesTimer: { kind, key, generation } })
    },
  })
}

const tick = (key: string, n: number) => ({ kind: 'tick', key, dueAt: START, facts: { n } })

/** Suspends the account, or makes it active again. */
async function setSuspendedAt({ store }: TestNode, suspendedAt: Date | null): Promise<void> {
  await store.db
    .insertInto('account')
    .values({ accountId: 'acme', createdAt: new Date(START), suspendedAt })
    .onConflict((conflict) => conflict.column('accountId').doUpdateSet({ suspendedAt }))
    .execute()
  await store.suspensions.changed('acme')
}

/** How much of the account a sweep would find now. */
async function countDue({ store, clock }: TestNode): Promise<number> {
  const isDue = (table: 'outbox' | 'timer') =>
    store.db
      .selectFrom(table)
      .select('runAt')
      .where('accountId', '=', 'acme')
      .where('runAt', '<=', new Date(clock.now()))
      .execute()
  const due = [...(await isDue('outbox')), ...(await isDue('timer'))]
  return due.length
}

async function leaveWork(node: TestNode): Promise<void> {
  await setSuspendedAt(node, new Date(START))
  await node.delivery.commit(rows('c1', 1))
  await node.delivery.commit(rows('c2', 2))
  await node.delivery.commit({
    accountId: 'acme',
    documents: [],
    arm: [tick('a', 3), tick('b', 4)],
  })
  await node.delivery.commit({ ...rows('c3', 5), accountId: 'active' })
}

test('overdue work of a suspended account is no longer looked at, until the account is resumed', async () => {
  await using nodes = await twoNodes()
  const { one, other, clock } = nodes
  const done: number[] = []
  for (const node of [one, other]) working(node, done)
  await leaveWork(one)
  expect(await countDue(one)).toBe(4)

  one.delivery.start()
  other.delivery.start()
  await expect.poll(() => countDue(one)).toBe(0)
  await clock.advance(60_000)
  expect(done).toEqual([5])

  await one.store.transaction(async (tx) => {
    await tx.updateTable('account').set({ suspendedAt: null }).execute()
    await one.delivery.resumeWork(tx, 'acme')
  })
  await one.store.suspensions.changed('acme')
  await expect.poll(() => done.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5])
})

test('a node that starts wakes what still rests of an account that is active', async () => {
  await using nodes = await twoNodes()
  const { one, clock } = nodes
  const done: number[] = []
  working(one, done)
  await leaveWork(one)
  await clock.advance(0)
  expect(await countDue(one)).toBe(0)
  await setSuspendedAt(one, null)
  await clock.advance(60_000)
  expect(done).toEqual([5])

  const later = await openTestNode(clock, nodes.url)
  await using _ = later.store
  await using __ = later.delivery
  working(later, done)
  later.delivery.start()
  await expect.poll(() => done.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5])
})
