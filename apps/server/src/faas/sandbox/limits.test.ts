import { afterAll, beforeAll, expect, test } from 'vitest'
import { callOf, openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'

let box: TestSandbox
beforeAll(async () => {
  box = await openTestSandbox()
})
afterAll(() => box[Symbol.asyncDispose]())

/** Dies on demand, else answers: the next call after a death must be answered by a new instance. */
const either = (statement: string) =>
  `function lambda(i, cb) { if (i.payload === 'ok') return cb(null, 'ok'); ${statement} }`

test.each([
  ['an endless loop', 'while (true);'],
  ['micro-tasks without end', '(function again() { Promise.resolve().then(again) })()'],
  ['a promise that never settles', 'return new Promise(() => {})'],
])('%s is over its time limit, and the next call is answered', async (_what, statement) => {
  const code = either(statement)
  const outcome = await box.run(code, { call: { timeLimitMs: 400 } })
  expect(outcome).toMatchObject({ failure: 'executiontime-exceeded', retryable: false })
  expect(await box.run(code, { payload: 'ok' })).toMatchObject({ value: 'ok' })
})

test.each([
  ['a heap bomb', 'const a = []; for (;;) a.push({ x: [1, 2, 3] })'],
  [
    'a string bomb',
    'let s = "x"; const a = []; for (;;) { s += s.slice(0, 1e6) + Math.random(); a.push(JSON.parse(JSON.stringify(s))) }',
  ],
  ['a buffer bomb', 'const a = []; for (;;) a.push(Buffer.alloc(1 << 22, 1))'],
  [
    'a WebAssembly bomb',
    'const m = new WebAssembly.Memory({ initial: 1 }); for (;;) { m.grow(64); new Uint8Array(m.buffer).fill(1) }',
  ],
  ['process.exit', 'process.exit(0)'],
])('%s is a runtime exception, and the next call is answered', async (_what, statement) => {
  const code = either(statement)
  // Functions that compute give way to all else: on a busy machine it takes long until the memory is full. So its time is that of the processor.
  const call = { timeLimitMs: 150_000, onlyComputes: true }
  const outcome = await box.run(code, { call })
  expect(outcome).toMatchObject({ ok: false, failure: 'runtime-exception', retryable: false })
  expect(await box.run(code, { payload: 'ok' })).toMatchObject({ value: 'ok' })
})

test('a request beyond 1 MB is refused', async () => {
  const outcome = await box.run('function lambda(i, cb) { cb(null, 1) }', {
    payload: 'x'.repeat(1_100_000),
  })
  expect(outcome).toMatchObject({ failure: 'bad-input', errorCode: 'request-too-large' })
})

test('a request of nearly 1 MB arrives whole', async () => {
  const payload = 'ä'.repeat(500_000)
  const code = 'function lambda(i, cb) { cb(null, i.payload) }'
  expect((await box.run(code, { payload })).value).toBe(payload)
})

test('other calls of a stuck instance fail as retryable', async () => {
  const code = either('while (true);')
  await box.run(code, { payload: 'ok' })
  const stuck = box.run(code, { call: { timeLimitMs: 400 } })
  const other = box.run(code, { payload: 'ok' })
  expect(await stuck).toMatchObject({ failure: 'executiontime-exceeded' })
  expect(await other).toMatchObject({
    failure: 'unavailable',
    errorCode: 'instance-died',
    retryable: true,
  })
})

test('a call that only waits too long does not disturb the others of its instance', async () => {
  const code = either('if (i.payload === "slow") setTimeout(() => cb(null, "slow"), 1500)')
  await box.run(code, { payload: 'ok' })
  const never = box.run(code, { payload: 'never', call: { timeLimitMs: 300 } })
  const slow = box.run(code, { payload: 'slow' })
  expect(await never).toMatchObject({ failure: 'executiontime-exceeded' })
  expect(await slow).toMatchObject({ ok: true, value: 'slow' })
})

test('a call beside a late one that got no processor is not taken as stuck', async () => {
  const wait = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1200)'
  const code = either(`if (i.payload === "slow") { ${wait}; cb(null, "slow") }`)
  await box.run(code, { payload: 'ok' })
  const never = box.run(code, { payload: 'never', call: { timeLimitMs: 300 } })
  const slow = box.run(code, { payload: 'slow' })
  expect(await never).toMatchObject({ failure: 'executiontime-exceeded' })
  expect(await slow).toMatchObject({ ok: true, value: 'slow' })
})

test('the time of a call that only computes is that of the processor', async () => {
  const wait = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1200)'
  const code = either(`if (i.payload === "slow") { ${wait}; cb(null, "slow") } else while (true);`)
  const call = { timeLimitMs: 400, onlyComputes: true }
  expect(await box.run(code, { payload: 'slow', call })).toMatchObject({ ok: true, value: 'slow' })
  const endless = await box.run(code, { payload: 'endless', call })
  expect(endless).toMatchObject({ failure: 'executiontime-exceeded' })
})

test('code that gets no processor while it is loaded is not refused by a probe', async () => {
  const wait = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 11000)'
  const code = `${wait}; function lambda(i, cb) { cb(null) }`
  expect(await box.sandbox.probe(callOf(code, null).version)).toEqual({ ok: true })
})

test('a version that dies again and again waits before it gets another instance', async () => {
  const code = either('process.exit(1)')
  for (let death = 0; death < 6; death += 1) await box.run(code)
  const startedAt = performance.now()
  expect(await box.run(code, { payload: 'ok' })).toMatchObject({ value: 'ok' })
  expect(performance.now() - startedAt).toBeGreaterThan(300)
})
