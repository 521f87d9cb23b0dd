import { expect, test } from 'vitest'
import type { Principal } from '#base/http'
import { openLogger, systemMonotonic } from '#base/kernel'
import { openLongCalls } from './long-calls.ts'

const request = { method: 'GET', url: '/', headers: {}, encrypted: false }

test('a caller is checked once at a time, and again for what has changed since the check began', async () => {
  let tick = () => undefined as void
  const monotonic = {
    ...systemMonotonic(),
    every(_ms: number, run: () => void) {
      tick = run
      return { [Symbol.dispose]: () => undefined }
    },
  }
  const checks: PromiseWithResolvers<Principal>[] = []
  using calls = openLongCalls({ monotonic, logger: openLogger('fatal') }, () => {
    const check = Promise.withResolvers<Principal>()
    checks.push(check)
    return check.promise
  })
  using _ = calls.watch({ accountId: 'acme', request, end: () => undefined })

  for (let second = 0; second < 60; second += 1) tick()
  expect(checks).toHaveLength(1)
  calls.lookAgain('acme')
  calls.lookAgain('other')
  checks[0]?.resolve({} as Principal)
  await expect.poll(() => checks.length).toBe(2)
  checks[1]?.resolve({} as Principal)
  await expect.poll(() => (tick(), checks.length)).toBe(3)
})
