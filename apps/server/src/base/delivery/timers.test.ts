import { expect, inject, test } from 'vitest'
import { type Clock, systemClock } from '#base/kernel'
import { cloneDatabase } from '#base/postgres'
import type { Delivery } from './open.ts'
import type { Timer } from './types.ts'
import { Facts, openTestNode, START, twoNodes } from './two-nodes.fixture.ts'

const arm = (afterMs: number, n = 1, key = 'c1') => ({
  accountId: 'acme',
  documents: [],
  arm: [{ kind: 'idle', key, dueAt: START + afterMs, facts: { n } }],
})

function firing(delivery: Delivery, fired: (timer: Timer<Facts>) => void) {
  delivery.onTimer({
    kind: 'idle',
    workers: 'platform',
    facts: Facts,
    exhausted: 'dead letter',
    async fire(timer) {
      fired(timer)
      const { accountId, kind, key, generation } = timer
      await delivery.commit({ accountId, documents: [], completesTimer: { kind, key, generation } })
    },
  })
}

test('timers fire in order, each at its instant', async () => {
  await using nodes = await twoNodes()
  const { delivery } = nodes.one
  const fired: [n: number, afterMs: number][] = []
  firing(delivery, ({ facts }) => fired.push([facts.n, nodes.clock.now() - START]))
  await delivery.commit(arm(48 * 3_600_000, 3, 'c3'))
  await delivery.commit(arm(1_000, 1, 'c1'))
  await delivery.commit(arm(60_000, 2, 'c2'))

  await nodes.clock.advance(48 * 3_600_000)

  expect(fired).toEqual([
    [1, 1_000],
    [2, 60_000],
    [3, 48 * 3_600_000],
  ])
})

test('what is armed once stays as it is, also when it is overdue', async () => {
  await using nodes = await twoNodes()
  const { delivery, store } = nodes.one
  const fired: unknown[] = []
  firing(delivery, ({ facts, dueAt }) => fired.push([facts.n, dueAt - START]))
  const once = (afterMs: number, n: number) =>
    delivery.armTimerOnce(store.db, 'acme', {
      kind: 'idle',
      key: 'c1',
      dueAt: START + afterMs,
      facts: { n },
    })
  await once(-60_000, 1)
  await once(60_000, 2)
  await nodes.clock.advance(1_000)
  expect(fired).toEqual([[1, -60_000]])
  await once(60_000, 3)
  await nodes.clock.advance(60_000)
  expect(fired).toEqual([
    [1, -60_000],
    [3, 60_000],
  ])
})

test('arming again replaces, disarming removes', async () => {
  await using nodes = await twoNodes()
  const { delivery } = nodes.one
  const fired: unknown[] = []
  firing(delivery, ({ facts, dueAt }) => fired.push({ ...facts, dueAt }))
  await delivery.commit(arm(1_000, 1))
  await delivery.commit(arm(5_000, 2))
  await delivery.commit(arm(1_000, 3, 'c2'))
  await delivery.commit({ accountId: 'acme', documents: [], disarm: [{ kind: 'idle', key: 'c2' }] })

  await nodes.clock.advance(4_000)
  expect(fired).toEqual([])
  await nodes.clock.advance(60_000)

  expect(fired).toEqual([{ n: 2, dueAt: START + 5_000 }])
})

test('a timer that is re-armed while it fires does not take effect', async () => {
  await using nodes = await twoNodes()
  const { delivery } = nodes.one
  const statuses: string[] = []
  delivery.onTimer({
    kind: 'idle',
    workers: 'platform',
    facts: Facts,
    exhausted: 'dead letter',
    async fire({ accountId, kind, key, generation, facts }) {
      if (facts.n === 1) await nodes.other.delivery.commit(arm(10_000, 2))
      const { status } = await delivery.commit({
        accountId,
        documents: [],
        completesTimer: { kind, key, generation },
      })
      statuses.push(`${facts.n} ${status}`)
    },
  })
  await delivery.commit(arm(1_000, 1))

  await nodes.clock.advance(60_000)

  expect(statuses).toEqual(['1 gone', '2 applied'])
})

test('a timer may arm itself anew in the commit that fires it', async () => {
  await using nodes = await twoNodes()
  const { delivery } = nodes.one
  const firedAfterMs: number[] = []
  delivery.onTimer({
    kind: 'idle',
    workers: 'platform',
    facts: Facts,
    exhausted: 'dead letter',
    async fire({ accountId, kind, key, generation, facts, dueAt }) {
      firedAfterMs.push(nodes.clock.now() - START)
      await delivery.commit({
        accountId,
        documents: [],
        completesTimer: { kind, key, generation },
        arm: [{ kind, key, dueAt: dueAt + 60_000, facts }],
      })
    },
  })
  await delivery.commit(arm(60_000))

  await nodes.clock.advance(5 * 60_000)

  expect(firedAfterMs).toEqual([60_000, 120_000, 180_000, 240_000, 300_000])
})

test('a failing timer is tried again and ends as a dead letter, which can be driven again', async () => {
  await using nodes = await twoNodes()
  const { delivery } = nodes.one
  const afterMs: number[] = []
  let isBroken = true
  firing(delivery, () => {
    afterMs.push(nodes.clock.now() - START)
    if (isBroken) throw new Error('Broken')
  })
  await delivery.commit(arm(1_000))
  await nodes.clock.advance(60_000)
  expect(afterMs).toEqual([1_000, 1_500, 3_500, 8_500])
  isBroken = false
  const [letter] = await delivery.deadLetters.list('acme')

  await delivery.deadLetters.redrive('acme', letter?.id ?? 0)
  await nodes.clock.advance(0)

  expect(letter).toMatchObject({ source: 'timer', name: 'idle', lane: 'c1', cause: 'Broken' })
  expect(afterMs).toEqual([1_000, 1_500, 3_500, 8_500, 60_000])
})

test('two nodes fire each timer once', async () => {
  await using nodes = await twoNodes()
  const fired: string[] = []
  for (const { delivery } of [nodes.one, nodes.other]) {
    firing(delivery, ({ key }) => fired.push(key))
    delivery.start()
  }
  const keys = Array.from({ length: 60 }, (_, index) => `c${index}`)
  for (const key of keys) await nodes.one.delivery.commit(arm(1_000, 1, key))

  await nodes.clock.advance(1_000)

  expect(fired.sort()).toEqual(keys.sort())
})

test('timers of a transaction are armed and disarmed with it', async () => {
  await using nodes = await twoNodes()
  const { delivery, store } = nodes.one
  const fired: string[] = []
  firing(delivery, ({ key }) => fired.push(key))
  const timer = { kind: 'idle', facts: { n: 1 }, dueAt: START + 1_000 }
  await store.transaction(async (tx) => {
    await delivery.armTimer(tx, 'acme', { ...timer, key: 'kept' })
    await delivery.armTimer(tx, 'acme', { ...timer, key: 'dropped' })
    await delivery.disarmTimer(tx, 'acme', { kind: 'idle', key: 'dropped' })
  })

  await nodes.clock.advance(1_000)

  expect(fired).toEqual(['kept'])
})

test('a timer that a transaction ends is over with it, and fires again when that is rolled back', async () => {
  await using nodes = await twoNodes()
  const { delivery, store } = nodes.one
  const fired: [n: number, afterMs: number, isEnded: boolean][] = []
  delivery.onTimer({
    kind: 'idle',
    workers: 'platform',
    facts: Facts,
    exhausted: 'dead letter',
    async fire(timer) {
      const { accountId, kind, key, dueAt, facts } = timer
      await store.transaction(async (tx) => {
        const isEnded = await delivery.endTimer(tx, timer)
        fired.push([facts.n, nodes.clock.now() - START, isEnded])
        if (fired.length === 1) throw new Error('Rolled back')
        if (facts.n > 1) return
        const next = { kind, key, dueAt: dueAt + 60_000, facts: { n: 2 } }
        await delivery.armTimer(tx, accountId, next)
      })
    },
  })
  await delivery.commit(arm(1_000))

  await nodes.clock.advance(10 * 60_000)

  expect(fired).toEqual([
    [1, 1_000, true],
    [1, 1_500, true],
    [2, 61_000, true],
  ])
  expect(await delivery.deadLetters.list('acme')).toEqual([])
})

test('a node whose clock is ahead takes no timer before its time, and takes late what nobody took', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  await using opened = new AsyncDisposableStack()
  const real = systemClock()
  const ahead = { ...real, now: () => real.now() + 3_600_000 }
  const fired: [node: string, key: string][] = []
  const openNode = async (name: string, clock: Clock) => {
    const node = await openTestNode(clock, database.url)
    opened.defer(() => node.store[Symbol.asyncDispose]())
    opened.defer(() => node.delivery[Symbol.asyncDispose]())
    firing(node.delivery, ({ key }) => fired.push([name, key]))
    return node
  }
  const wrong = await openNode('wrong', ahead)
  const timer = (key: string, dueAt: number) => ({ kind: 'idle', key, dueAt, facts: { n: 1 } })
  await expect.poll(() => wrong.store.clockSkewMs()).toBeGreaterThan(3_590_000)

  wrong.delivery.start()
  const arm = [
    timer('due in half an hour', real.now() + 1_800_000),
    timer('left', real.now() - 9_000),
  ]
  await wrong.delivery.commit({ accountId: 'acme', documents: [], arm })
  await expect.poll(() => fired).toEqual([['wrong', 'left']])

  const right = await openNode('right', real)
  right.delivery.start()
  await right.delivery.commit({ accountId: 'acme', documents: [], arm: [timer('due', real.now())] })
  await expect.poll(() => fired).toHaveLength(2)
  expect(fired).toEqual([
    ['wrong', 'left'],
    ['right', 'due'],
  ])
})
