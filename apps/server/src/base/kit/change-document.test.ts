import { expect, inject, test } from 'vitest'
import * as z from 'zod'
import { openDelivery } from '#base/delivery'
import { openLogger, randomIds, systemClock, systemMonotonic } from '#base/kernel'
import { cloneDatabase } from '#base/postgres'
import { openStore } from '#base/store'
import { changeDocument, findDocument } from './index.ts'

const Counter = z.object({ count: z.number() })
const counter = {
  kind: 'counter',
  id: 'c1',
  schema: Counter,
  empty: () => ({ count: 0 }),
  name: 'Counter "c1"',
}

async function twoNodes() {
  await using opened = new AsyncDisposableStack()
  const { url } = opened.use(await cloneDatabase(inject('templateUrl')))
  const open = async () => {
    const deps = {
      logger: openLogger('fatal'),
      clock: systemClock(),
      monotonic: systemMonotonic(),
      ids: randomIds(),
    }
    const store = opened.use(await openStore(deps, { kind: 'given', url }))
    return { ...deps, store, delivery: opened.use(openDelivery({ ...deps, store })) }
  }
  const nodes = { one: await open(), other: await open() }
  const resources = opened.move()
  return { ...nodes, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

test('a decision that another node overtakes is made again on the newer state', async () => {
  await using nodes = await twoNodes()
  const { one, other } = nodes
  const seen: number[] = []

  const outcome = await changeDocument(one, 'acme', counter, async ({ count }) => {
    seen.push(count)
    if (seen.length === 1) {
      await changeDocument(other, 'acme', counter, (state) => ({
        state: { count: state.count + 10 },
      }))
    }
    return { state: { count: count + 1 }, answer: `was ${count}` }
  })

  expect(seen).toEqual([0, 10])
  expect(outcome).toEqual({ status: 'applied', state: { count: 11 }, answer: 'was 10' })
  expect(await findDocument(other.store.db, 'acme', 'counter', 'c1')).toEqual({
    version: 2,
    state: { count: 11 },
  })
})

test('a document that others change all the time is busy after six attempts', async () => {
  await using nodes = await twoNodes()
  const { one, other } = nodes
  let attempts = 0

  const change = changeDocument(one, 'acme', counter, async ({ count }) => {
    attempts += 1
    await changeDocument(other, 'acme', counter, (state) => ({ state: { count: state.count + 1 } }))
    return { state: { count } }
  })

  await expect(change).rejects.toMatchObject({
    code: 'conversation_busy',
    message: 'Counter "c1" is busy',
  })
  expect(attempts).toBe(6)
})

test('a decision that finds nothing to do writes nothing, and a stored state is parsed', async () => {
  await using nodes = await twoNodes()
  const { one } = nodes
  await changeDocument(one, 'acme', counter, () => ({ state: { count: 1 } }))

  expect(await changeDocument(one, 'acme', counter, () => undefined)).toEqual({
    status: 'unchanged',
    state: { count: 1 },
  })
  const strict = { ...counter, schema: z.object({ count: z.number().min(5) }) }
  await expect(changeDocument(one, 'acme', strict, (state) => ({ state }))).rejects.toThrow(
    z.ZodError,
  )
})
