import { expect, test } from 'vitest'
import { openWorkerPools } from './worker-pools.ts'

test('a job that waits for a reserved worker begins when that is given back unused', async () => {
  const pools = openWorkerPools(() => undefined)
  const pool = { name: 'mails', size: 2, perAccount: 1 }
  const began: string[] = []
  const add = (accountId: string, name: string) =>
    pools.add(pool, accountId, async () => void began.push(name))
  const [acme, other] = ['acme', 'other'].map((accountId) => pools.reserve(pool, accountId))
  add('acme', 'one')
  add('acme', 'two')
  add('other', 'three')
  expect(began).toEqual([])

  other?.[Symbol.dispose]()
  expect(began).toEqual(['three'])
  acme?.[Symbol.dispose]()
  await pools.idle()
  expect(began).toEqual(['three', 'one', 'two'])
})
