import { expect, test } from 'vitest'
import { openTestSandbox } from './test-sandbox.fixture.ts'

const LATE_MS = 100
/** Each call has the instance to itself until it ends. */
const SLOW = `function lambda(input, callback) { setTimeout(() => callback(null, input.payload), 1_500) }`

test('who can ask again is refused soon when the instances of a function have no place, and others wait for one', async () => {
  const limits = { callsPerInstance: 1, instancesPerFunction: 1, lateMs: LATE_MS, queueMs: 60_000 }
  await using box = await openTestSandbox({ config: { limits } })
  const order: unknown[] = []
  const run = async (payload: string, canAskAgain: boolean) => {
    const version = { deploymentId: 'slow' }
    const outcome = await box.run(SLOW, { payload, version, call: { canAskAgain } })
    order.push(outcome.ok ? outcome.value : [payload, outcome.errorCode])
  }

  await Promise.all([
    // Nobody is refused because the first instance is not there yet.
    run('first', true),
    run('asks again', true),
    run('waits', false),
    run('asks again, too', true),
  ])

  expect(order).toEqual([
    ['asks again', 'queue-full'],
    ['asks again, too', 'queue-full'],
    'first',
    'waits',
  ])
  expect(box.sandbox.stats().queued).toBe(0)
})
