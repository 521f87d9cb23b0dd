import { expect, test } from 'vitest'
import * as z from 'zod'
import { lockTable } from '#testing'
import { openDelivery } from './open.ts'
import { takeRows } from './repository.ts'
import { ending, Facts, rows, type TestNode, twoNodes } from './two-nodes.fixture.ts'

const of = (consumer: string, orderingKey: string, n: number) => ({
  consumer,
  orderingKey,
  facts: { n },
})

test('rows begin though timers cannot be looked for', async () => {
  await using nodes = await twoNodes()
  const { delivery, store } = nodes.one
  const done: string[] = []
  for (const [name, workers] of Object.entries({ bot: 'platform', mail: 'functions' } as const)) {
    delivery.consume(ending(delivery, () => void done.push(name), { name, workers }))
    delivery.onTimer({
      kind: `of ${name}`,
      workers,
      facts: Facts,
      exhausted: 'dead letter',
      fire: () => Promise.reject(new Error('Nobody has armed it')),
    })
  }
  delivery.start()
  await using _ = await lockTable({ context: nodes.one } as never, 'timer')
  const waiting = [of('bot', 'c', 1), of('mail', 'c', 2)]
  await store.transaction(async (tx) => store.enqueue(tx, 'acme', waiting))
  delivery.wake()

  await expect.poll(() => done.toSorted()).toEqual(['bot', 'mail'])
})

test('a row that had no worker begins when the commit that kept one is refused', async () => {
  await using nodes = await twoNodes()
  const { store, monotonic } = nodes.one
  // Nothing is found by the clock.
  const timeless = { ...monotonic, every: () => ({ [Symbol.dispose]() {} }) }
  await using delivery = openDelivery({ ...nodes.one, monotonic: timeless })
  const done: number[] = []
  delivery.consume(ending(delivery, ({ facts }) => void done.push(facts.n), { workers: 1 }))
  delivery.start()
  const left = () => store.db.selectFrom('outbox').select('id').execute()
  await store.transaction(async (tx) => store.enqueue(tx, 'acme', [of('bot', 'c1', 1)]))
  delivery.wake()
  await expect.poll(() => done).toEqual([1])
  await expect.poll(left).toEqual([])

  const documents = [{ kind: 'note', id: 'n', readVersion: 7, state: {} }]
  const [refused] = await Promise.all([
    delivery.commit({ ...rows('c2', 2), documents }),
    delivery.commit(rows('c3', 3)),
  ])
  expect(refused.status).toBe('stale')
  await expect.poll(() => done).toEqual([1, 3])
  await expect.poll(left).toEqual([])
})

test('a node that looks for work keeps none from other nodes but what it takes', async () => {
  await using nodes = await twoNodes()
  const { one, other, clock } = nodes
  const waiting = [of('bot', 'c', 1), of('mail', 'c', 2), of('mail', 'd', 3)]
  await one.store.transaction(async (tx) => one.store.enqueue(tx, 'acme', waiting))
  const looking = await one.store.db.startTransaction().execute()
  const taken = await takeRows(
    { db: looking, procedures: one.store.procedures },
    { nodeId: one.store.nodeId, names: ['bot', 'mail'], now: clock.now(), limit: 1, notOf: [] },
  )
  expect(taken).toMatchObject([{ facts: { n: 1 } }])

  const done: number[] = []
  for (const name of ['bot', 'mail']) {
    other.delivery.consume(
      ending(other.delivery, ({ facts }) => void done.push(facts.n), { name, workers: 'platform' }),
    )
  }
  other.delivery.start()
  await expect.poll(() => done.toSorted((a, b) => a - b)).toEqual([2, 3])
  await looking.rollback().execute()
})

test('a node that stops gives back at once what it has not begun, as if it had not been started', async () => {
  await using nodes = await twoNodes()
  const { one, other, clock } = nodes
  const finish = Promise.withResolvers<void>()
  const begun: string[] = []
  const work = (name: string, { delivery }: TestNode) => {
    delivery.consume(
      ending(
        delivery,
        async ({ facts, attempt }) => {
          begun.push(`row ${facts.n} on ${name}: ${attempt}`)
          if (name === 'one') await finish.promise
        },
        { workers: 2 },
      ),
    )
    delivery.onTimer({
      kind: 'tick',
      workers: 2,
      facts: Facts,
      exhausted: 'dead letter',
      async fire({ accountId, kind, key, generation, facts }) {
        begun.push(`timer ${facts.n} on ${name}`)
        if (name === 'one') await finish.promise
        await delivery.commit({
          accountId,
          documents: [],
          completesTimer: { kind, key, generation },
        })
      },
    })
  }
  work('one', one)
  work('other', other)
  const waiting = [of('bot', 'c', 1), of('bot', 'd', 2)]
  await one.store.transaction(async (tx) => one.store.enqueue(tx, 'acme', waiting))
  const arm = [3, 4].map((n) => ({ kind: 'tick', key: `${n}`, dueAt: clock.now(), facts: { n } }))
  await one.store.commit({ accountId: 'acme', documents: [], arm })
  one.delivery.start()
  await expect.poll(() => begun).toHaveLength(2)

  const stopped = one.delivery.drain(60_000)
  other.delivery.start()
  await expect
    .poll(() => begun.toSorted())
    .toEqual(['row 1 on one: 1', 'row 2 on other: 1', 'timer 3 on one', 'timer 4 on other'])
  finish.resolve()
  await stopped
})

test('a row with text that the database makes no JSON of holds up no other one of its ordering key', async () => {
  await using nodes = await twoNodes()
  const { delivery, store } = nodes.one
  const begun = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  const seen: unknown[] = []
  delivery.consume({
    name: 'bot',
    workers: 'functions',
    facts: z.object({ text: z.string() }),
    retryDelaysMs: [],
    async handle(row) {
      begun.resolve()
      await finish.promise
      seen.push(row.facts.text)
      if (row.facts.text.endsWith('fails')) throw new Error('As it\0 says')
      await delivery.end(row)
    },
  })
  const write = (text: string) =>
    delivery.commit({
      accountId: 'acme',
      documents: [],
      outbox: [{ consumer: 'bot', orderingKey: 'c1', facts: { text } }],
    })
  const texts = ['first', 'odd \0 \ud800', 'odd \0 fails', 'last']
  await write('first')
  await begun.promise
  for (const text of texts.slice(1)) await write(text)
  finish.resolve()

  await expect.poll(() => store.db.selectFrom('outbox').select('id').execute()).toEqual([])
  expect(seen).toEqual(texts)
  expect(await delivery.deadLetters.list('acme')).toMatchObject([
    { facts: { text: 'odd  fails' }, cause: 'As it says' },
  ])
})

test('a look for work that goes on failing is said once', async () => {
  await using nodes = await twoNodes()
  const { store, logger } = nodes.one
  const said = { warn: 0, debug: 0 }
  const heard = Object.assign(Object.create(logger) as typeof logger, {
    warn: () => void (said.warn += 1),
    debug: () => void (said.debug += 1),
  })
  const procedures = { ...store.procedures, dueRows: { ...store.procedures.dueRows, name: 'gone' } }
  await using delivery = openDelivery({
    ...nodes.one,
    logger: heard,
    store: { ...store, procedures },
  })
  delivery.consume(ending(delivery, () => undefined))
  delivery.start()

  await expect.poll(() => said.debug).toBeGreaterThan(1)
  expect(said.warn).toBe(1)
})
