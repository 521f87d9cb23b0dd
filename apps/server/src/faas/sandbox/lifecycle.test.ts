import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemMonotonic, virtualClock } from '#base/kernel'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'

let box: TestSandbox
const system = systemMonotonic()
let leaptMs = 0
/** What a function waits for that reads the secret of this name. */
const gates = {
  redeployed: Promise.withResolvers<void>(),
  full: Promise.withResolvers<void>(),
}
const untilOpen = (gate: keyof typeof gates) => `const { Toolbelt } = require('lp-faas-toolbelt')
  function lambda(i, cb) { Toolbelt.SecretClient().readSecret('${gate}').then(() => cb(null, i.payload), cb) }`

beforeAll(async () => {
  box = await openTestSandbox({
    monotonic: { ...system, now: () => system.now() + leaptMs },
    ports: {
      readSecret: async (_account, _function, key) => {
        await gates[key as keyof typeof gates].promise
        return { key, value: '' }
      },
    },
    config: {
      limits: {
        freezeAfterMs: 50,
        endAfterMs: 600_000,
        instances: 4,
        queuedCalls: 20,
        queueMs: 300_000,
      },
    },
  })
})
afterAll(() => box[Symbol.asyncDispose]())

const echo =
  'let calls = 0; function lambda(i, cb) { calls += 1; cb(null, { calls, got: i.payload }) }'
const wait = (ms: number) =>
  `function lambda(i, cb) { setTimeout(() => cb(null, i.payload), ${ms}) }`

test('the first call takes the one booted instance, the second finds it warm; two are ready from then on', async () => {
  await expect.poll(() => box.sandbox.stats().warmPool).toBe(1)
  const version = { deploymentId: 'starts' }
  expect(await box.run(echo, { version })).toMatchObject({ start: 'pool' })
  expect(await box.run(echo, { version })).toMatchObject({ start: 'warm', value: { calls: 2 } })
  await expect.poll(() => box.sandbox.stats().warmPool).toBe(2)
})

test('an idle instance is frozen, woken by a call, and ended when it stays idle', async () => {
  const ticking = `const since = performance.now(); let ticks = 0; setInterval(() => ticks++, 5)
    function lambda(i, cb) { cb(null, { tickedMs: ticks * 5, aliveMs: performance.now() - since }) }`
  const version = { deploymentId: 'idle' }
  await box.run(ticking, { version })
  const { stats } = box.sandbox
  await expect.poll(() => stats().idle > 0 && stats().frozen === stats().idle).toBe(true)
  // Another function runs for so long; the frozen one has no ticks of that time.
  await box.run(wait(200))
  const after = await box.run(ticking, { version })
  expect(after.start).toBe('warm')
  const { tickedMs, aliveMs } = after.value as { tickedMs: number; aliveMs: number }
  expect(aliveMs - tickedMs).toBeGreaterThan(150)
  leaptMs += 601_000
  await expect.poll(() => box.sandbox.stats().instances).toBe(0)
  expect(await box.run(ticking, { version })).not.toMatchObject({ start: 'warm' })
})

test('many calls share an instance', async () => {
  await expect.poll(() => box.sandbox.stats().warmPool).toBeGreaterThan(0)
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, payload) =>
      box.run(wait(20), { payload, version: { deploymentId: 'shared' } }),
    ),
  )
  expect(outcomes.map(({ value }) => value)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  expect(box.sandbox.stats().instances).toBeLessThan(4)
})

test('calls of a computing instance get another instance', async () => {
  const busy =
    'function lambda(i, cb) { const end = performance.now() + i.payload; while (performance.now() < end); cb(null, performance.timeOrigin) }'
  const version = { deploymentId: 'busy' }
  await box.run(busy, { payload: 1, version })
  let afterMs = 0
  // On a slow machine the first call may not compute yet when the second one comes, or have no processor for half of the time.
  const isElsewhere = async () => {
    afterMs += 500
    const first = box.run(busy, { payload: afterMs + 2_500, version })
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    const second = await box.run(busy, { payload: 1, version })
    return (await first).value !== second.value
  }
  await expect.poll(isElsewhere).toBe(true)
})

test('calls of a waiting instance get no other instance', async () => {
  const waits =
    'function lambda(i, cb) { setTimeout(() => cb(null, performance.timeOrigin), i.payload) }'
  let attempts = 0
  // On a slow machine an instance that waits may be late with its sign of life, as if it computed.
  const countInstances = async (): Promise<number> => {
    const version = { deploymentId: `waits ${(attempts += 1)}` }
    await box.run(waits, { payload: 1, version })
    const long = box.run(waits, { payload: 900, version })
    const origins = new Set<unknown>()
    for (let n = 0; n < 8; n += 1) {
      origins.add((await box.run(waits, { payload: 80, version })).value)
    }
    return origins.add((await long).value).size
  }
  await expect.poll(countInstances).toBe(1)
})

test('a redeployment does not lose a running call', async () => {
  const old = box.run(untilOpen('redeployed'), { payload: 'old', version: { deploymentId: 'v1' } })
  await expect.poll(() => box.sandbox.stats().inFlight).toBe(1)
  box.sandbox.retire('v1')
  const fresh = box.run(wait(1), { payload: 'new', version: { deploymentId: 'v2' } })
  expect(await fresh).toMatchObject({ ok: true, value: 'new' })
  gates.redeployed.resolve()
  expect(await old).toMatchObject({ ok: true, value: 'old' })
  expect(
    await box.run(wait(1), { payload: 'again', version: { deploymentId: 'v1' } }),
  ).toMatchObject({
    ok: true,
    value: 'again',
  })
})

test('when the machine is full, one account leaves capacity to the others, and late calls are retryable', async () => {
  const noisy = Array.from({ length: 4 }, (_, n) =>
    box.run(untilOpen('full'), {
      version: { accountId: 'noisy', deploymentId: `noisy-${n}` },
      call: { timeLimitMs: 900_000 },
    }),
  )
  const { stats } = box.sandbox
  await expect.poll(() => [stats().inFlight, stats().queued]).toEqual([3, 1])
  leaptMs += 301_000
  // The others go on.
  expect(await Promise.race(noisy)).toMatchObject({ failure: 'unavailable' })
  expect(
    await box.run(echo, { version: { accountId: 'quiet', deploymentId: 'quiet' } }),
  ).toMatchObject({ ok: true })
  gates.full.resolve()
  const outcomes = await Promise.all(noisy)
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(3)
})

test('whatever tells a function the time says domain time', async () => {
  const clock = virtualClock(Date.UTC(2031, 4, 5, 6))
  await using other = await openTestSandbox({ clock })
  const code = `function lambda(i, cb) {
    const english = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeZone: 'UTC' })
    const parts = english.formatToParts().find(({ type }) => type === 'year')
    const temporal = globalThis.Temporal && [Temporal.Now.instant(), Temporal.Now.zonedDateTimeISO('UTC'),
      Temporal.Now.plainDateTimeISO('UTC'), Temporal.Now.plainDateISO()]
    cb(null, [new Date().toISOString(), Reflect.construct(Date, []).toISOString(), new (class extends Date {})().toISOString(),
      new (new Date(0).constructor)().toISOString(), english.format(), [1].map(() => english.format())[0], parts.value,
      new Date(performance.timeOrigin + performance.now()).toISOString(), require('luxon').DateTime.utc().toISO(),
      ...(temporal ?? []).map(String)].map((text) => /(2031)/.exec(text)?.[1] ?? text))
  }`
  const ran = await other.run(code)
  expect(ran).toMatchObject({ ok: true })
  expect(new Set(ran.value as string[])).toEqual(new Set(['2031']))
})

test('functions see domain time', async () => {
  const clock = virtualClock(Date.UTC(2031, 4, 5, 6))
  await using other = await openTestSandbox({ clock })
  const code = `function lambda(i, cb) {
    console.info('x')
    cb(null, [Date.now(), new Date().getTime(), new Date(0).getTime(), Date().slice(11, 15), new Date() instanceof Date,
      require('luxon').DateTime.now().toMillis(), new Date(2020, 1, 2).getMonth()])
  }`
  const outcome = await other.run(code)
  const [now, made, zero, text, isDate, luxon, month] = outcome.value as number[]
  for (const instant of [now, made, luxon, outcome.logs[0]?.timestamp]) {
    expect(Math.abs(Number(instant) - clock.now())).toBeLessThan(30_000)
  }
  expect([zero, text, isDate, month]).toEqual([0, '2031', true, 1])
  await clock.advance(86_400_000)
  const later = (await other.run(code)).value as number[]
  expect(Math.abs(Number(later[0]) - clock.now())).toBeLessThan(30_000)
})
