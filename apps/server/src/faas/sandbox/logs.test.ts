import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'

let box: TestSandbox
beforeAll(async () => {
  box = await openTestSandbox()
})
afterAll(() => box[Symbol.asyncDispose]())

const lines = (outcome: { logs: { level: string; message: string }[] }) =>
  outcome.logs.map(({ level, message }) => `${level} ${message}`)

test('console entries have level, message and extras; log means info, debug is for tests only', async () => {
  const code = `function lambda(i, cb) {
    console.debug('d'); console.info('i', { a: 1 }, [2]); console.log('l'); console.warn('w'); console.error('e')
    cb(null, 1)
  }`
  const outcome = await box.run(code)
  expect(lines(outcome)).toEqual(['Info i', 'Info l', 'Warn w', 'Error e'])
  expect(outcome.logs[0]).toMatchObject({ extras: [{ a: 1 }, [2]], timestamp: expect.any(Number) })
  const tested = await box.run(code, { call: { keepDebug: true } })
  expect(lines(tested)[0]).toBe('Debug d')
})

test('errors are told apart in the log, also within what is logged, and large integers are shown', async () => {
  const code = `function lambda(i, cb) {
    const error = Object.assign(new Error('no answer'), { code: 'ECONNRESET', options: { headers: { key: 'secret' } } })
    console.error('failed', { error, at: [error] }, 10n)
    console.error(error)
    cb(null, 1)
  }`
  const { logs } = await box.run(code)
  const parts = { name: 'Error', message: 'no answer', code: 'ECONNRESET' }
  expect(logs[0]?.extras).toEqual([{ error: parts, at: [parts] }, '10n'])
  expect(JSON.parse(logs[1]?.message ?? '')).toEqual({ ...parts, stack: expect.any(String) })
})

test('the console has every method of that of Node; times and counts are for tests only', async () => {
  const code = `function lambda(i, cb) {
    console.time('t'); console.timeLog('t', 'half'); console.timeEnd('t'); console.timeEnd('t')
    console.countReset(); console.count(); console.count(); console.countReset(); console.count()
    console.groupCollapsed('g'); console.dirxml('x'); console.clear(); console.timeStamp(); console.profile(); console.profileEnd()
    cb(null, 1)
  }`
  expect(lines(await box.run(code))).toEqual(['Info g', 'Info x'])
  const tested = lines(await box.run(code, { call: { keepDebug: true } }))
  expect(tested.slice(0, 2)).toEqual([
    expect.stringMatching(/^Debug t: \d+\.\d{3}ms$/),
    expect.stringMatching(/^Debug t: \d+\.\d{3}ms$/),
  ])
  expect(tested.slice(2)).toEqual([
    "Debug No such label 't' for console.time()",
    'Debug default: 1',
    'Debug default: 2',
    'Debug default: 1',
    'Info g',
    'Info x',
  ])
})

test('what is written to the standard streams becomes an entry', async () => {
  const code = `function lambda(i, cb) { process.stdout.write('out\\n'); process.stderr.write('err'); cb(null, 1) }`
  expect(lines(await box.run(code))).toEqual(['Info out', 'Error err'])
})

test('each of several concurrent calls has its own entries', async () => {
  const code = `async function lambda(i, cb) {
    console.info('a' + i.payload)
    await new Promise((r) => setTimeout(r, Math.random() * 20))
    console.info('b' + i.payload)
    cb(null, i.payload)
  }`
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, (_, payload) => box.run(code, { payload })),
  )
  outcomes.forEach((outcome, i) => expect(lines(outcome)).toEqual([`Info a${i}`, `Info b${i}`]))
})

test('a function that keeps storage of its own, and spoils what objects inherit, still logs to its call', async () => {
  const code = `
    const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks')
    for (const name of ['call', 'site']) Object.prototype[name] = 'spoilt'
    const own = new AsyncLocalStorage()
    async function lambda({ payload }, cb) {
      console.info('before ' + own.getStore())
      await own.run(payload, async () => {
        await new Promise((r) => setTimeout(r, Math.random() * 20))
        console.info('inside ' + own.getStore())
        own.exit(() => console.info('left ' + own.getStore()))
      })
      const bound = AsyncResource.bind(() => console.info('bound ' + own.getStore()))
      await new Promise((r) => process.nextTick(r))
      bound()
      cb(null, payload)
    }`
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, payload) => box.run(code, { payload })),
  )
  outcomes.forEach((outcome, i) =>
    expect(lines(outcome)).toEqual([
      'Info before undefined',
      `Info inside ${i}`,
      'Info left undefined',
      'Info bound undefined',
    ]),
  )
})

test('entries written while the module loads belong to the first call', async () => {
  const code = `console.info('loading'); function lambda(i, cb) { cb(null, 1) }`
  expect(lines(await box.run(code))).toEqual(['Info loading'])
  expect(lines(await box.run(code))).toEqual([])
})

test.each([
  ['more than 10 entries', 'for (let k = 0; k < 11; k++) console.info("x")'],
  ['more than 6,000 characters', 'console.info("x".repeat(3000), "y".repeat(3000))'],
])('%s fail the call and leave one error entry', async (_what, statements) => {
  const outcome = await box.run(`function lambda(i, cb) { ${statements}; cb(null, 1) }`)
  expect(outcome).toMatchObject({
    ok: false,
    failure: 'log-limit-reached',
    logs: [{ level: 'Error' }],
  })
  expect(outcome.logs).toHaveLength(1)
})

test('10 entries and 6,000 characters are within the limits', async () => {
  const code = `function lambda(i, cb) { for (let k = 0; k < 10; k++) console.info('x'.repeat(600)); cb(null, 1) }`
  expect((await box.run(code)).logs).toHaveLength(10)
})

test('a test invocation over the limits has a warning and its result', async () => {
  const code =
    'function lambda(i, cb) { for (let k = 0; k < 12; k++) console.info("x"); cb(null, 1) }'
  const outcome = await box.run(code, { call: { keepDebug: true } })
  expect(outcome).toMatchObject({ ok: true, value: 1, isOverLogLimit: true })
  expect(lines(outcome).at(-1)).toMatch(/^Warn More than 10 log entries/)
})

test('entries of the level Debug do not count in a test, as they do not in a deployed function', async () => {
  const code = `function lambda(i, cb) {
    for (let k = 0; k < 3; k++) console.info('i'); for (let k = 0; k < 12; k++) console.debug('d')
    console.debug('x'.repeat(7000)); console.info('last'); cb(null, 1)
  }`
  const outcome = await box.run(code, { call: { keepDebug: true } })
  expect(lines(outcome)).toHaveLength(17)
  expect(lines(outcome).at(-1)).toBe('Info last')
  expect(outcome.isOverLogLimit).toBeUndefined()
})

test.each([
  ['more than 1,000', 'for (let k = 0; k < 1002; k++) console.debug("d")', 1000],
  ['long ones', 'for (let k = 0; k < 9; k++) console.debug("\\u0001".repeat(8000))', 5],
])('of the level Debug %s entries are cut off, and others are not', async (_, statements, kept) => {
  const code = `function lambda(i, cb) { ${statements}; console.info('last'); cb(null, 1) }`
  const outcome = await box.run(code, { call: { keepDebug: true } })
  expect(outcome.isOverLogLimit).toBeUndefined()
  expect(lines(outcome).slice(kept)).toEqual([
    'Debug Only 1000 entries and 40000 characters of the level Debug are shown',
    'Info last',
  ])
})

test('an account may have limits of its own, another one for each call', async () => {
  const code =
    'function lambda(i, cb) { for (let k = 0; k < 12; k++) console.info("x"); cb(null, 1) }'
  const run = (limits?: { logEntries: number }) =>
    box.run(code, { version: { deploymentId: 'own' }, call: { ...(limits && { limits }) } })
  expect((await run({ logEntries: 20 })).logs).toHaveLength(12)
  expect(await run()).toMatchObject({ failure: 'log-limit-reached', start: 'warm' })
  expect((await run({ logEntries: 5_000_000_000 })).logs).toHaveLength(12)
})

test('what is logged after the callback is ignored, and what was logged before a time-out is kept', async () => {
  const after = await box.run('function lambda(i, cb) { cb(null, 1); console.info("late") }')
  expect(after.logs).toEqual([])
  const stuck = await box.run('function lambda(i, cb) { console.info("before"); while (true); }', {
    call: { timeLimitMs: 1_500 },
  })
  expect(stuck).toMatchObject({ failure: 'executiontime-exceeded', logs: [{ message: 'before' }] })
})

test('output outside of every call is not part of the next call', async () => {
  const code = `const jobs = []
  setInterval(() => jobs.splice(0).forEach((job) => job()), 5)
  function lambda(i, cb) {
    jobs.push(() => { console.info('for ' + i.payload); cb(null, 1) })
  }`
  for (const payload of ['first', 'second', 'third']) {
    expect(lines(await box.run(code, { payload }))).toEqual([`Info for ${payload}`])
  }
})
