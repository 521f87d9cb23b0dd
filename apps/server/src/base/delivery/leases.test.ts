import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { countWaiting, leapingMonotonic } from '#testing'
import { ending, Facts, openTestNode, rows, twoNodes } from './two-nodes.fixture.ts'

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
    workers: 'functions',
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
  await expect.poll(() => taken).toHaveLength(2)

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

  await expect.poll(leaseEnd).toBeGreaterThan(firstLease + 5_000)
  finish.resolve()

  expect(runs).toEqual(['one'])

  async function leaseEnd(): Promise<number> {
    const { db } = nodes.one.store
    const row = await db.selectFrom('outbox').select('leasedUntil').executeTakeFirstOrThrow()
    return row.leasedUntil?.getTime() ?? 0
  }
})

test.concurrent('leases are renewed beside a row that somebody has locked for long', async () => {
  await using nodes = await twoNodes()
  const { db } = nodes.one.store
  const runs: string[] = []
  const finish = Promise.withResolvers<void>()
  for (const [name, { delivery }] of Object.entries({ one: nodes.one, other: nodes.other })) {
    const run = async (n: number) => {
      runs.push(`${n} on ${name}`)
      await finish.promise
    }
    delivery.consume(ending(delivery, ({ facts }) => run(facts.n)))
    delivery.onTimer({
      kind: 'tick',
      workers: 'platform',
      facts: Facts,
      exhausted: 'dead letter',
      fire: ({ facts }) => run(facts.n),
    })
    delivery.start()
  }
  const tick = (n: number) => ({
    kind: 'tick',
    key: `${n}`,
    dueAt: nodes.clock.now(),
    facts: { n },
  })
  await nodes.one.delivery.commit({ ...rows('c1', 1), arm: [tick(3), tick(4)] })
  await nodes.one.delivery.commit(rows('c2', 2))
  await expect.poll(() => runs).toHaveLength(4)
  const begun = [...runs]
  const holding = await db.startTransaction().execute()
  await sql`select from outbox where facts->>'n' = '1' for update`.execute(holding)
  await sql`select from timer where facts->>'n' = '3' for update`.execute(holding)

  const { rows: now } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(db)
  const late = (now[0]?.at.getTime() ?? 0) + 11_000
  const leases = async () => {
    const { rows: found } = await sql<{ until: Date }>`
      select leased_until as until from outbox where facts->>'n' = '2'
      union all select leased_until from timer where facts->>'n' = '4'`.execute(db)
    return Math.min(...found.map(({ until }) => until.getTime()))
  }
  await expect.poll(leases).toBeGreaterThan(late)
  await holding.rollback().execute()
  finish.resolve()

  expect(runs).toEqual(begun)
})

test.each([
  ['is left to the node that took it meanwhile', 'other'],
  ['is done by it where no other node took it', 'still'],
])('what a node that stood still had waiting for a worker %s', async (_what, doneBy) => {
  await using nodes = await twoNodes()
  const { clock, other } = nodes
  const monotonic = leapingMonotonic()
  await using still = await openTestNode(clock, nodes.url, monotonic).then((node) => ({
    ...node,
    async [Symbol.asyncDispose]() {
      await node.delivery[Symbol.asyncDispose]()
      await node.store[Symbol.asyncDispose]()
    },
  }))
  const runs: string[] = []
  const finish = Promise.withResolvers<void>()
  const handle = async (node: string, n: number) => {
    runs.push(`${n} on ${node}`)
    if (node === 'still' && n < 3) await finish.promise
  }
  for (const [name, { delivery }] of Object.entries({ still, other })) {
    // Two at once, and one of each account.
    const workers = 2
    delivery.consume(ending(delivery, ({ facts }) => handle(name, facts.n), { workers }))
    delivery.onTimer({
      kind: 'tick',
      workers,
      facts: Facts,
      exhausted: 'dead letter',
      async fire(timer) {
        await handle(name, timer.facts.n)
        await delivery.commit({ accountId: 'acme', documents: [], completesTimer: timer })
      },
    })
  }
  const dueAt = clock.now()
  const tick = (n: number) => ({ kind: 'tick', key: `${n}`, dueAt, facts: { n } })
  // Nothing has begun yet, so that it finds all of them at once.
  await other.store.commit({ ...rows('c1', 1), arm: [tick(2), tick(4)] })
  await other.store.commit(rows('c3', 3))
  still.delivery.start()
  const { db } = nodes.one.store
  const leased = () =>
    sql`select from outbox where leased_by = ${still.store.nodeId}
      union all select from timer where leased_by = ${still.store.nodeId}`
      .execute(db)
      .then(({ rows: found }) => found.length)
  await expect.poll(leased).toBe(4)
  expect(runs).toEqual(['1 on still', '2 on still'])

  await sql`update outbox set leased_until = clock_timestamp() where facts->>'n' = '3'`.execute(db)
  await sql`update timer set leased_until = clock_timestamp() where facts->>'n' = '4'`.execute(db)
  if (doneBy === 'other') {
    other.delivery.start()
    await expect.poll(() => runs.length).toBe(4)
  }
  monotonic.leap(5_000)
  finish.resolve()
  await still.delivery.follower.settle()

  expect(runs.toSorted()).toEqual(['1 on still', '2 on still', `3 on ${doneBy}`, `4 on ${doneBy}`])
})

test('an ordering key goes on when two nodes worked on its row', async () => {
  await using nodes = await twoNodes()
  const { one, other } = nodes
  const { db } = one.store
  const waiting = () => countWaiting({ context: one })
  const taken: number[] = []
  const begun = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  const waitingToo = { answersWaitingRows: true }
  one.delivery.consume(
    ending(
      one.delivery,
      async ({ facts }) => {
        begun.resolve()
        await finish.promise
        taken.push(facts.n)
      },
      waitingToo,
    ),
  )
  other.delivery.consume(
    ending(other.delivery, ({ facts }) => void taken.push(facts.n), waitingToo),
  )
  await one.delivery.commit(rows('c1', 1))
  await begun.promise
  await one.delivery.commit(rows('c1', 2))

  // The other node takes the row as well, and is held up while it drops what waits behind it.
  const holding = await db.startTransaction().execute()
  await sql`select from outbox where facts->>'n' = '2' for update`.execute(holding)
  await sql`update outbox set leased_until = clock_timestamp() where facts->>'n' = '1'`.execute(db)
  other.delivery.start()
  await expect.poll(waiting).toBe(1)
  const late = one.delivery.commit(rows('c1', 3))
  const areTwo = (async () => await expect.poll(waiting).toBeGreaterThan(1))()
  await Promise.race([late, areTwo])
  finish.resolve()
  await areTwo
  await holding.commit().execute()

  await late
  await expect.poll(() => taken).toContain(3)
})

test('what comes while a row runs is answered by the next one, where that answers for all that wait', async () => {
  await using nodes = await twoNodes()
  const { delivery, store } = nodes.one
  const taken: number[] = []
  const begun = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  const handle = async ({ facts }: { facts: { n: number } }) => {
    begun.resolve()
    await finish.promise
    taken.push(facts.n)
  }
  delivery.consume(ending(delivery, handle, { answersWaitingRows: true }))
  await delivery.commit(rows('c1', 1))
  await begun.promise
  for (const n of [2, 3, 4]) await delivery.commit(rows('c1', n))
  finish.resolve()

  await expect.poll(() => store.db.selectFrom('outbox').select('id').execute()).toEqual([])
  expect(taken).toEqual([1, 2])
})
