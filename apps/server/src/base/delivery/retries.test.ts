import { expect, test } from 'vitest'
import { ending, Facts, rows, START, twoNodes } from './two-nodes.fixture.ts'

test('a failed row is tried again after 0.5, 2 and 5 seconds, then becomes a dead letter', async () => {
  await using nodes = await twoNodes()
  const { delivery } = nodes.one
  const attempts: { attempt: number; afterMs: number }[] = []
  delivery.consume(
    ending(delivery, ({ attempt }) => {
      attempts.push({ attempt, afterMs: nodes.clock.now() - START })
      throw new Error('The mail server is away')
    }),
  )

  await delivery.commit(rows('c1', 1))
  await nodes.clock.advance(60_000)

  expect(attempts).toEqual([
    { attempt: 1, afterMs: 0 },
    { attempt: 2, afterMs: 500 },
    { attempt: 3, afterMs: 2_500 },
    { attempt: 4, afterMs: 7_500 },
  ])
  expect(await delivery.deadLetters.list('acme')).toEqual([
    {
      accountId: 'acme',
      id: expect.any(Number),
      source: 'outbox',
      name: 'bot',
      lane: 'c1',
      facts: { n: 1 },
      attempts: 4,
      firstAttemptAt: new Date(START),
      deadAt: new Date(START + 7_500),
      cause: 'The mail server is away',
    },
  ])
  expect(await delivery.deadLetters.list('other-account')).toEqual([])
})

test('a failing row holds back the rows with its ordering key, which go on after it', async () => {
  await using nodes = await twoNodes()
  const { delivery } = nodes.one
  const events: string[] = []
  delivery.consume(
    ending(delivery, ({ facts: { n }, attempt }) => {
      events.push(`${n}.${attempt}`)
      if (n === 1 && attempt < 3) throw new Error('Not yet')
      if (n === 2) throw new Error('Never')
    }),
  )

  await delivery.commit(rows('c1', 1, 2, 3))
  await nodes.clock.advance(20_000)

  expect(events).toEqual(['1.1', '1.2', '1.3', '2.1', '2.2', '2.3', '2.4', '3.1'])
})

test('no retry starts later than a minute after the first attempt began', async () => {
  await using nodes = await twoNodes()
  const { delivery } = nodes.one
  const afterMs: number[] = []
  delivery.consume(
    ending(
      delivery,
      () => {
        afterMs.push(nodes.clock.now() - START)
        throw new Error('Slow and wrong')
      },
      { retryDelaysMs: [1_000, 40_000, 40_000] },
    ),
  )

  await delivery.commit(rows('c1', 1))
  await nodes.clock.advance(200_000)

  expect(afterMs).toEqual([0, 1_000, 41_000])
  expect(await delivery.deadLetters.list('acme')).toHaveLength(1)
})

test('the first attempt is made however old the row is', async () => {
  await using nodes = await twoNodes()
  const { delivery } = nodes.one
  const seen: unknown[] = []
  await delivery.commit(rows('c1', 1))
  await nodes.clock.advance(3_600_000)

  delivery.consume(
    ending(delivery, ({ attempt, firstAttemptAt }) => void seen.push({ attempt, firstAttemptAt })),
  )
  await nodes.clock.advance(0)

  expect(seen).toEqual([{ attempt: 1, firstAttemptAt: START + 3_600_000 }])
})

test('a consumer may do something else than leave a dead letter', async () => {
  await using nodes = await twoNodes()
  const { delivery } = nodes.one
  const causes: unknown[] = []
  delivery.consume({
    name: 'bot',
    workers: 'functions',
    facts: Facts,
    retryDelaysMs: [],
    handle: () => Promise.reject(new Error('The function crashed')),
    async exhausted(row, cause) {
      causes.push(cause)
      await delivery.end(row)
    },
  })

  await delivery.commit(rows('c1', 1))
  await nodes.clock.advance(0)

  expect(causes).toEqual([new Error('The function crashed')])
  expect(await delivery.deadLetters.list('acme')).toEqual([])
})

test('a consumer that forgets to end its row is treated as failed', async () => {
  await using nodes = await twoNodes()
  const { delivery } = nodes.one
  delivery.consume({
    name: 'bot',
    workers: 'functions',
    facts: Facts,
    retryDelaysMs: [],
    handle: async () => {},
  })

  await delivery.commit(rows('c1', 1))
  await nodes.clock.advance(0)

  const [letter] = await delivery.deadLetters.list('acme')
  expect(letter?.cause).toContain('without ending')
})

test('facts that no longer fit their schema end as a dead letter, not as a crash', async () => {
  await using nodes = await twoNodes()
  const { delivery } = nodes.one
  const seen: unknown[] = []
  delivery.consume(ending(delivery, (row) => void seen.push(row), { retryDelaysMs: [] }))

  const outbox = [{ consumer: 'bot', orderingKey: 'c1', facts: { n: 'one' } }]
  await delivery.commit({ accountId: 'acme', documents: [], outbox })
  await nodes.clock.advance(0)

  expect(seen).toEqual([])
  expect(await delivery.deadLetters.list('acme')).toMatchObject([{ facts: { n: 'one' } }])
})

test('a dead letter that is driven again starts anew', async () => {
  await using nodes = await twoNodes()
  const { delivery } = nodes.one
  let isBroken = true
  const attempts: number[] = []
  delivery.consume(
    ending(delivery, ({ attempt }) => {
      attempts.push(attempt)
      if (isBroken) throw new Error('Broken')
    }),
  )
  await delivery.commit(rows('c1', 1))
  await nodes.clock.advance(10_000)
  const [letter] = await delivery.deadLetters.list('acme', { name: 'bot' })
  const id = letter?.id ?? 0
  isBroken = false

  await expect(delivery.deadLetters.redrive('other-account', id)).rejects.toMatchObject({
    code: 'not_found',
  })
  expect(await delivery.deadLetters.get('acme', id)).toEqual(letter)
  await delivery.deadLetters.redrive('acme', id)
  await nodes.clock.advance(0)

  expect(attempts).toEqual([1, 2, 3, 4, 1])
  await expect(delivery.deadLetters.get('acme', id)).rejects.toMatchObject({ code: 'not_found' })
})

test('retries of one node may be made by the other', async () => {
  await using nodes = await twoNodes()
  const { one, other } = nodes
  const events: string[] = []
  one.delivery.consume(
    ending(one.delivery, () => {
      events.push('one')
      throw new Error('Only one fails')
    }),
  )
  await one.delivery.commit(rows('c1', 1))
  await one.delivery.drain(10_000)
  other.delivery.consume(
    ending(other.delivery, ({ attempt }) => void events.push(`other ${attempt}`)),
  )

  await nodes.clock.advance(1_000)

  expect(events).toEqual(['one', 'other 2'])
})
