import { expect, test } from 'vitest'
import { openKeyedQueue, runInAll } from './keyed-queue.ts'

test('work of one key runs in the order of asking, also after a failure', async () => {
  const queue = openKeyedQueue()
  const order: string[] = []
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const failing = queue.run('a', async () => {
    await gate
    order.push('a1')
    throw new Error('broken')
  })
  const second = queue.run('a', async () => void order.push('a2'))
  await queue.run('b', async () => void order.push('b1'))
  open()

  await expect(failing).rejects.toThrow('broken')
  await second
  expect(order).toEqual(['b1', 'a1', 'a2'])
})

test('works with the same keys in different orders do not wait for each other forever', async () => {
  const queue = openKeyedQueue()
  const order: number[] = []
  await Promise.all([
    runInAll(queue, ['a', 'b'], async () => void order.push(1)),
    runInAll(queue, ['b', 'a'], async () => void order.push(2)),
  ])
  expect(order).toEqual([1, 2])
})
