import { expect, test } from 'vitest'
import { sql } from 'kysely'
import { deleteWork } from '#base/kit'
import { countWaiting } from '#testing'
import { ending, Facts, rows, START, twoNodes } from './two-nodes.fixture.ts'

test('the committing node runs the rows at once, before anybody looks for them', async () => {
  await using nodes = await twoNodes()
  const seen: unknown[] = []
  nodes.one.delivery.consume(ending(nodes.one.delivery, (row) => void seen.push(row)))

  await nodes.one.delivery.commit(rows('c1', 7))

  expect(seen).toEqual([
    {
      id: expect.any(Number),
      accountId: 'acme',
      orderingKey: 'c1',
      facts: { n: 7 },
      attempt: 1,
      firstAttemptAt: START,
      createdAt: START,
    },
  ])
})

test('rows with one ordering key run one after the other, others side by side', async () => {
  await using nodes = await twoNodes()
  const { one } = nodes
  const events: string[] = []
  const gates = new Map<number, PromiseWithResolvers<void>>()
  for (const n of [1, 2, 3]) gates.set(n, Promise.withResolvers<void>())
  one.delivery.consume(
    ending(one.delivery, async ({ orderingKey, facts: { n } }) => {
      events.push(`${orderingKey}:${n} begins`)
      if (orderingKey === 'slow') await gates.get(n)?.promise
      events.push(`${orderingKey}:${n} ends`)
    }),
  )

  await one.delivery.commit(rows('slow', 1, 2))
  await one.delivery.commit(rows('slow', 3))
  await one.delivery.commit(rows('quick', 4))
  await expect.poll(() => events).toContain('quick:4 ends')
  expect(events.filter((event) => event.startsWith('slow'))).toEqual(['slow:1 begins'])
  for (const gate of gates.values()) gate.resolve()

  await expect.poll(() => events).toContain('slow:3 ends')
  expect(events.filter((event) => event.startsWith('slow'))).toEqual([
    'slow:1 begins',
    'slow:1 ends',
    'slow:2 begins',
    'slow:2 ends',
    'slow:3 begins',
    'slow:3 ends',
  ])
})

test.each(['read committed', 'repeatable read'])(
  'an ordering key keeps its order when two nodes write to it at once, in a database that is %s by default',
  async (isolation) => {
    await using nodes = await twoNodes({ isolation })
    const running = new Map<string, number>()
    const done: Record<string, number[]> = {}
    let overlaps = 0
    for (const { delivery, monotonic } of [nodes.one, nodes.other]) {
      delivery.consume(
        ending(delivery, async ({ orderingKey, id }) => {
          const atOnce = (running.get(orderingKey) ?? 0) + 1
          if (atOnce > 1) overlaps += 1
          running.set(orderingKey, atOnce)
          await monotonic.sleep(1)
          running.set(orderingKey, (running.get(orderingKey) ?? 1) - 1)
          ;(done[orderingKey] ??= []).push(id)
        }),
      )
      delivery.start()
    }

    await Promise.all(
      Array.from({ length: 120 }, (_, index) =>
        (index % 2 ? nodes.one : nodes.other).delivery.commit(rows(`key-${index % 3}`, index)),
      ),
    )

    await expect.poll(() => Object.values(done).flat()).toHaveLength(120)
    expect(overlaps).toBe(0)
    for (const ids of Object.values(done)) expect(ids).toEqual(ids.toSorted((a, b) => a - b))
  },
)

test('effects and the end of a row are one commit: a second run has no effect', async () => {
  await using nodes = await twoNodes()
  const outcomes: string[] = []
  const bothRan = Promise.withResolvers<void>()
  for (const { delivery } of [nodes.one, nodes.other]) {
    delivery.consume({
      name: 'bot',
      workers: 'functions',
      facts: Facts,
      async handle(row) {
        outcomes.push('ran')
        if (outcomes.length === 2) bothRan.resolve()
        await bothRan.promise
        const effect = { kind: 'effect', id: String(row.id), readVersion: 0, state: {} }
        const { status } = await delivery.commit({
          accountId: row.accountId,
          documents: [effect],
          completesRow: { outboxId: row.id },
        })
        outcomes.push(status)
      },
    })
  }

  await nodes.one.delivery.commit(rows('c1', 1))
  await sql`update outbox set leased_until = clock_timestamp() - interval '1 second'`.execute(
    nodes.one.store.db,
  )
  nodes.other.delivery.start()

  await expect.poll(() => outcomes).toHaveLength(4)
  // The second commit finds the document written or the row gone; nothing of it is applied.
  expect(outcomes.filter((outcome) => outcome === 'applied')).toHaveLength(1)
  expect(await nodes.one.store.db.selectFrom('document').select('version').execute()).toEqual([
    { version: 1 },
  ])
})

test('a consumer with a bound of its own takes no place from the others', async () => {
  await using nodes = await twoNodes()
  const { delivery } = nodes.one
  const finish = Promise.withResolvers<void>()
  let running = 0
  let most = 0
  let quick = 0
  const slow = ending(
    delivery,
    async () => {
      running += 1
      most = Math.max(most, running)
      await finish.promise
      running -= 1
    },
    { name: 'mail', workers: 6 },
  )
  delivery.consume(slow)
  delivery.consume(ending(delivery, () => void quick++))
  const mails = Array.from({ length: 400 }, (_, n) => ({
    consumer: 'mail',
    orderingKey: `${n}`,
    facts: { n },
  }))

  await delivery.commit({ accountId: 'acme', documents: [], outbox: mails })
  await delivery.commit(rows('c1', 1))

  await expect.poll(() => quick).toBe(1)
  finish.resolve()
  await nodes.clock.advance(0)
  expect({ most, running }).toEqual({ most: 3, running: 0 })
  const left = nodes.one.store.db.selectFrom('outbox').select('id')
  expect(await left.execute()).toEqual([])
})

test('one account takes no more than half of the workers, and leases nothing that would only wait', async () => {
  await using nodes = await twoNodes()
  const { delivery, store } = nodes.one
  const finish = Promise.withResolvers<void>()
  let running = 0
  let most = 0
  let others = 0
  delivery.consume(
    ending(delivery, async ({ accountId }) => {
      if (accountId !== 'acme') return void others++
      running += 1
      most = Math.max(most, running)
      await finish.promise
      running -= 1
    }),
  )
  delivery.start()
  const many = Array.from({ length: 400 }, (_, n) => ({
    consumer: 'bot',
    orderingKey: `${n}`,
    facts: { n },
  }))

  await delivery.commit({ accountId: 'acme', documents: [], outbox: many })
  const ofOthers = Array.from({ length: 20 }, (_, n) =>
    delivery.commit({ ...rows(`o${n}`, n), accountId: `other${n}` }),
  )
  await Promise.all(ofOthers)

  await expect.poll(() => others).toBe(20)
  const leased = await sql<{ count: number }>`
    select count(*) from outbox where account_id = 'acme' and leased_until is not null`.execute(
    store.db,
  )
  expect(leased.rows).toEqual([{ count: most }])
  finish.resolve()
  await nodes.clock.advance(0)
  expect({ most, running }).toEqual({ most: 128, running: 0 })
  expect(await store.db.selectFrom('outbox').select('id').execute()).toEqual([])
})

test('rows that a module adds in its own transaction run after wake()', async () => {
  await using nodes = await twoNodes()
  const { delivery, store } = nodes.one
  const seen: number[] = []
  delivery.consume(ending(delivery, ({ facts }) => void seen.push(facts.n)))
  delivery.start()

  await store.transaction(async (tx) =>
    store.enqueue(tx, 'acme', [
      { consumer: 'bot', orderingKey: 'c1', facts: { n: 1 } },
      { consumer: 'bot', orderingKey: 'c1', facts: { n: 2 } },
    ]),
  )
  delivery.wake()

  await expect.poll(() => seen).toEqual([1, 2])
})

test('a drained node finishes what runs, begins nothing, and leaves the rest to others', async () => {
  await using nodes = await twoNodes()
  const { one, other } = nodes
  const events: string[] = []
  const finish = Promise.withResolvers<void>()
  one.delivery.consume(
    ending(one.delivery, async ({ facts }) => {
      events.push(`one began ${facts.n}`)
      await finish.promise
      events.push(`one ended ${facts.n}`)
    }),
  )
  other.delivery.consume(
    ending(other.delivery, ({ facts }) => void events.push(`other ran ${facts.n}`)),
  )
  await one.delivery.commit(rows('c1', 1, 2))

  const drained = one.delivery.drain(30_000)
  await one.delivery.commit(rows('c2', 3))
  finish.resolve()
  await drained
  expect(events).toEqual(['one began 1', 'one ended 1'])
  other.delivery.start()

  await expect.poll(() => events.slice(2).sort()).toEqual(['other ran 2', 'other ran 3'])
})

test('tables of what waits keep their pages: giving them back would lock out what comes', async () => {
  await using nodes = await twoNodes()
  const { delivery, store } = nodes.one
  delivery.consume(ending(delivery, () => undefined))
  for (const key of ['c1', 'c2', 'c3']) {
    await delivery.commit(rows(key, ...Array.from({ length: 40 }, (_, n) => n)))
  }
  const sizes = async () => {
    const { rows: found } = await sql<{ waiting: number; size: string }>`
      select (select count(*)::int from outbox) as waiting, pg_relation_size('outbox') as size`.execute(
      store.db,
    )
    return found[0]
  }
  await expect.poll(sizes).toMatchObject({ waiting: 0 })
  const before = await sizes()
  await sql`vacuum outbox`.execute(store.maintenance)

  expect(Number(before?.size)).toBeGreaterThan(0)
  expect(await sizes()).toEqual(before)
})

test('tables of what waits are never sampled: meanwhile nothing of other tables could be tidied up', async () => {
  await using nodes = await twoNodes()
  const { rows: found } = await sql<{ name: string }>`
    select relname as name from pg_class
      where 'autovacuum_analyze_threshold=2000000000' = any(reloptions) order by 1`.execute(
    nodes.one.store.db,
  )

  expect(found.map(({ name }) => name)).toEqual(['outbox', 'timer'])
})

test('a row that is added while the rows before it are deleted runs', async () => {
  await using nodes = await twoNodes()
  const { one, other } = nodes
  await one.delivery.commit(rows('c1', 1))
  const added = await one.store.transaction(async (tx) => {
    await deleteWork(tx, 'acme', [], ['c1'])
    const behind = other.delivery.commit(rows('c1', 2))
    const waits = async () => await expect.poll(() => countWaiting({ context: one })).toBe(1)
    await Promise.race([behind, waits()])
    return { behind }
  })
  await added.behind

  const seen: number[] = []
  one.delivery.consume(ending(one.delivery, ({ facts: { n } }) => void seen.push(n)))
  one.delivery.start()
  await expect.poll(() => seen).toEqual([2])
})
