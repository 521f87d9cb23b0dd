import { expect, test } from 'vitest'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'

const echo = 'function lambda(i, cb) { cb(null, i.payload) }'

async function startOf({ run }: TestSandbox, accountId: string, deploymentId: string) {
  const outcome = await run(echo, { version: { accountId, deploymentId } })
  expect(outcome).toMatchObject({ ok: true })
  return outcome.start
}

test('functions called in turn mostly find their instance, even if the machine cannot hold all', async () => {
  await using box = await openTestSandbox({ config: { limits: { instances: 10 } } })
  const names = Array.from({ length: 12 }, (_, n) => `in-turn-${n}`)
  for (const name of names) await startOf(box, 'acme', name)
  const starts: string[] = []
  for (let turn = 0; turn < 4; turn += 1) {
    for (const name of names) starts.push(await startOf(box, 'acme', name))
  }
  expect(starts.filter((start) => start === 'warm').length).toBeGreaterThan(starts.length / 3)
  expect(box.sandbox.stats().instances).toBe(10)
})

test('idle instances of the account with the most instances are evicted first', async () => {
  await using box = await openTestSandbox({ config: { limits: { instances: 4 } } })
  await startOf(box, 'quiet', 'quiet')
  for (let n = 0; n < 8; n += 1) await startOf(box, 'noisy', `noisy-${n}`)
  expect(await startOf(box, 'quiet', 'quiet')).toBe('warm')
})

test('many functions called at once get one instance each, and no instance ends before its call', async () => {
  await using box = await openTestSandbox({ config: { limits: { instances: 3, queueMs: 30_000 } } })
  const names = Array.from({ length: 9 }, (_, n) => `at-once-${n}`)
  const starts = await Promise.all(names.map((name) => startOf(box, 'acme', name)))
  expect(starts).not.toContain('warm')
  expect(box.sandbox.stats()).toMatchObject({ instances: 3, queued: 0, deaths: 0 })
})

test('no more instances of a function start than can compute at once', async () => {
  await using box = await openTestSandbox({ config: { limits: { processors: 2 } } })
  const compute =
    'function lambda(i, cb) { const end = performance.now() + i.payload; while (performance.now() < end); cb() }'
  const version = { deploymentId: 'computes' }
  await box.run(compute, { payload: 1, version })
  let most = 0
  // On a slow machine a call may have ended when the next one comes, or not compute yet.
  const afterRound = async () => {
    const running = []
    for (const ms of [2_500, 2_000, 1_500, 1_000]) {
      running.push(box.run(compute, { payload: ms, version }))
      await new Promise((resolve) => setTimeout(resolve, 400))
      most = Math.max(most, box.sandbox.stats().instances)
    }
    for (const outcome of await Promise.all(running)) expect(outcome).toMatchObject({ ok: true })
    return most
  }
  await expect.poll(afterRound).toBe(2)
})

test.each([
  ['idle instances', ''],
  ['idle instances whose name says that they have none', `process.title = 'RssAnon: 0'`],
])('%s end when all together hold too much memory', async (_which, statement) => {
  const limits = { instancesMb: 128, freezeAfterMs: 50 }
  await using box = await openTestSandbox({ config: { limits } })
  const hold = `${statement}; lambda.held = Buffer.alloc(100 << 20, 1); ${echo}`
  await box.run(hold, { version: { deploymentId: 'holds-1' } })
  await box.run(hold, { version: { deploymentId: 'holds-2' } })
  await expect.poll(() => box.sandbox.stats().instances).toBe(1)
})
