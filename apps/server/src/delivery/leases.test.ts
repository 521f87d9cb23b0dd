import { expect, test, vi } from 'vitest'
import { ending, Facts, openTestNode, rows, twoNodes } from './test-nodes.ts'

const patience = { timeout: 20_000 }

// Leases run in real time, so these two wait side by side.

test.concurrent('rows of a node that died are taken over when their lease has run out', async () => {
  await using nodes = await twoNodes()
  const { one, other, clock } = nodes
  const taken: { n: number; attempt: number }[] = []
  await using dead = await openTestNode(clock, nodes.url).then((node) => ({
    ...node,
    [Symbol.asyncDispose]: () => node.store[Symbol.asyncDispose](),
  }))
  const begun = Promise.withResolvers<void>()
  dead.delivery.consume({
    name: 'bot',
    facts: Facts,
    handle: () => {
      begun.resolve()
      return new Promise<void>(() => {})
    },
  })
  for (const { delivery } of [one, other]) {
    delivery.consume(
      ending(delivery, ({ facts, attempt }) => void taken.push({ n: facts.n, attempt })),
    )
    delivery.start()
  }

  await dead.delivery.commit(rows('c1', 1, 2))
  await begun.promise
  expect(taken).toEqual([])
  await vi.waitFor(() => expect(taken).toHaveLength(2), patience)

  expect(taken).toEqual([
    { n: 1, attempt: 2 },
    { n: 2, attempt: 1 },
  ])
})

test.concurrent('a lease is renewed while its row is being worked on', async () => {
  await using nodes = await twoNodes()
  const runs: string[] = []
  const finish = Promise.withResolvers<void>()
  for (const [name, { delivery }] of Object.entries({ one: nodes.one, other: nodes.other })) {
    delivery.consume(
      ending(delivery, async () => {
        runs.push(name)
        await finish.promise
      }),
    )
    delivery.start()
  }
  await nodes.one.delivery.commit(rows('c1', 1))
  const firstLease = await leaseEnd()

  await vi.waitFor(
    async () => expect(await leaseEnd()).toBeGreaterThan(firstLease + 5_000),
    patience,
  )
  finish.resolve()

  expect(runs).toEqual(['one'])

  async function leaseEnd(): Promise<number> {
    const { db } = nodes.one.store
    const row = await db.selectFrom('outbox').select('leasedUntil').executeTakeFirstOrThrow()
    return row.leasedUntil?.getTime() ?? 0
  }
})
