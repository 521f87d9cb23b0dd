import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'

let box: TestSandbox
beforeAll(async () => {
  box = await openTestSandbox()
})
afterAll(() => box[Symbol.asyncDispose]())

const returns = { delivers: 'return' } as const

test('the value given to the callback is the result', async () => {
  const code = 'function lambda(input, callback) { callback(null, `Hi ${input.payload.name}`) }'
  expect(await box.run(code, { payload: { name: 'Ada' } })).toMatchObject({
    ok: true,
    value: 'Hi Ada',
  })
})

test('an async function delivers through its callback, what it returns is ignored', async () => {
  const code = 'async function lambda(input, callback) { await 0; callback(null, 1); return 2 }'
  expect(await box.run(code)).toMatchObject({ ok: true, value: 1 })
})

test('a function without callback delivers what it returns', async () => {
  const code = 'async function lambda(input) { return { twice: input.payload * 2 } }'
  expect(await box.run(code, { payload: 4, version: returns })).toMatchObject({
    value: { twice: 8 },
  })
})

test('module.exports serves as entry point when no lambda is declared', async () => {
  const code = 'module.exports = (data, cb) => { cb(null, data.payload) }'
  expect(await box.run(code, { payload: [1] })).toMatchObject({ value: [1] })
})

test('callback(null) without a value is a success without result', async () => {
  expect(await box.run('function lambda(i, cb) { cb(null) }')).toMatchObject({
    ok: true,
    result: undefined,
  })
})

test('a second callback is ignored', async () => {
  const code =
    'function lambda(i, cb) { cb(null, "first"); cb(new Error("second")); cb(null, "third") }'
  expect(await box.run(code)).toMatchObject({ ok: true, value: 'first' })
})

test.each([
  ['an Error given to the callback', 'cb(new Error("boom"))'],
  ['an Error that is thrown', 'throw new Error("boom")'],
])('%s is a custom failure and noted in the log', async (_what, statement) => {
  expect(await box.run(`function lambda(i, cb) { ${statement} }`)).toMatchObject({
    ok: false,
    failure: 'custom-failure',
    message: 'boom',
    retryable: false,
    logs: [{ level: 'Error', message: 'Received Error - boom', extras: [] }],
  })
})

test.each(['TypeError', 'ReferenceError', 'SyntaxError'])(
  'a %s is a runtime exception',
  async (name) => {
    const code = `async function lambda(i, cb) { throw new ${name}('oops') }`
    expect(await box.run(code)).toMatchObject({
      ok: false,
      failure: 'runtime-exception',
      message: 'oops',
    })
  },
)

test('a failure that is not an error keeps its value and logs a warning', async () => {
  expect(await box.run('function lambda(i, cb) { cb("text") }')).toMatchObject({
    ok: false,
    failure: 'custom-failure',
    message: 'text',
    logs: [
      {
        level: 'Warn',
        message:
          'Received error in an incorrect format. Please provide an error object to the callback.',
        extras: [{ originalFailure: 'text' }],
      },
    ],
  })
})

test.each(['false', '0', '""', 'NaN'])(
  'callback(%s, result) is a failure, as by the published runner: only null and undefined are none',
  async (given) => {
    const outcome = await box.run(`function lambda(i, cb) { cb(${given}, "result") }`)
    expect(outcome).toMatchObject({
      ok: false,
      failure: 'custom-failure',
      logs: [{ level: 'Warn' }],
    })
  },
)

test('an error-like object passes its own code and message through', async () => {
  const code =
    'function lambda(i, cb) { cb({ message: "m", errorCode: "my.code", errorMsg: "mine" }) }'
  expect(await box.run(code)).toMatchObject({ errorCode: 'my.code', message: 'mine' })
})

test.each([
  ['undefined', 'throw undefined', 'undefined'],
  ['a symbol', 'cb(Symbol("x"))', 'Symbol(x)'],
  ['an object whose message is undefined', 'cb({ message: undefined })', 'undefined'],
  [
    'an Error whose message is none',
    'throw Object.assign(Error(), { message() {} })',
    'message() {}',
  ],
])('%s is a failure of its call, not of its instance', async (_what, statement, message) => {
  const outcome = await box.run(`async function lambda(i, cb) { ${statement} }`)
  expect(outcome).toMatchObject({ ok: false, failure: 'custom-failure', message })
})

test.each(['undefined', '10n', 'Symbol("x")'])(
  'code that throws %s cannot be loaded',
  async (thrown) => {
    const outcome = await box.run(`throw ${thrown}; function lambda(i, cb) { cb() }`)
    expect(outcome).toMatchObject({ ok: false, failure: 'runtime-exception' })
    expect(!outcome.ok && outcome.message).not.toMatch(/died|too long/)
  },
)

test.each([
  ['a circular result', 'const a = {}; a.a = a; cb(null, a)'],
  ['a result beyond 1 MB', 'cb(null, "x".repeat(1100000))'],
  ['a result that is a function', 'cb(null, () => 1)'],
  ['a result that is a BigInt', 'cb(null, 1n)'],
])('%s is a runtime exception', async (_what, statement) => {
  const outcome = await box.run(`function lambda(i, cb) { ${statement} }`)
  expect(outcome).toMatchObject({ ok: false, failure: 'runtime-exception', retryable: false })
})

test('an error in a timer that nothing catches ends its call', async () => {
  const code = 'function lambda(i, cb) { setTimeout(() => { throw new Error("late") }, 1) }'
  expect(await box.run(code)).toMatchObject({ failure: 'runtime-exception', message: 'late' })
})

test('a rejection that nothing handles ends its call', async () => {
  const code = 'function lambda(i, cb) { Promise.reject(new Error("lost")) }'
  expect(await box.run(code)).toMatchObject({ failure: 'runtime-exception', message: 'lost' })
})

test('code that cannot be loaded fails every call and a probe', async () => {
  const code = 'const x = require("left-pad"); function lambda(i, cb) { cb(null, x) }'
  const outcome = await box.run(code)
  expect(outcome).toMatchObject({ ok: false, failure: 'runtime-exception' })
  expect(!outcome.ok && outcome.message).toMatch(/Cannot find module 'left-pad'.*lodash/)
  const version = {
    accountId: 'acme',
    functionId: 'f',
    deploymentId: 'p',
    code,
    env: {},
    ...returns,
  }
  expect(await box.sandbox.probe(version)).toMatchObject({
    ok: false,
    failure: 'runtime-exception',
  })
  const good = { ...version, deploymentId: 'g', code: 'function lambda(i) { return 1 }' }
  expect(await box.sandbox.probe(good)).toEqual({ ok: true })
  expect(await box.run(good.code, { version: good })).toMatchObject({ start: 'warm', value: 1 })
})

test('code without an entry point is a runtime exception', async () => {
  expect(await box.run('const x = 1')).toMatchObject({ failure: 'runtime-exception' })
})

test.each([
  ['no JSON', '{', /^The body is not JSON/],
  ['no payload', '{}', /^payload: is missing$/],
  ['headers that are no list', '{"payload":1,"headers":{}}', /^headers: must be a list/],
  [
    'a timestamp that is no number',
    '{"payload":1,"timestamp":"x"}',
    /^timestamp: must be a number$/,
  ],
])('a body with %s is bad input', async (_what, body, message) => {
  const outcome = await box.run('function lambda(i, cb) { cb(null, 1) }', {
    call: { body: Buffer.from(body) },
  })
  expect(outcome).toMatchObject({ ok: false, failure: 'bad-input', logs: [] })
  expect(!outcome.ok && outcome.message).toMatch(message)
})

test('a body without timestamp and headers is completed', async () => {
  const outcome = await box.run('function lambda(i, cb) { cb(null, i) }', {
    call: { body: Buffer.from('{"payload":1}') },
  })
  expect(outcome.value).toEqual({ payload: 1, headers: [], timestamp: expect.any(Number) })
})

test('positions in a stack are those of the source', async () => {
  const code = 'function lambda(i, cb) {\n  const a = null\n  a.b()\n}'
  const outcome = await box.run(code)
  expect(!outcome.ok && outcome.stack).toMatch(/at .*lambda \(index\.js:3:5\)/)
  const shifted = await box.run(`// ours\n${code}`, { version: { lineOffset: 1 } })
  expect(!shifted.ok && shifted.stack).toMatch(/index\.js:3:5/)
})

test('U+0000 and lone surrogates in a result are replaced', async () => {
  const code = String.raw`function lambda(i, cb) { cb(null, ['a\u0000b', '\ud800', '\u{1f600}', '\\u0000', '\n']) }`
  const outcome = await box.run(code)
  expect(outcome.value).toEqual(['a\uFFFDb', '\uFFFD', '\u{1f600}', String.raw`\u0000`, '\n'])
})

test('each function sees its own environment and nothing of the host', async () => {
  const code = 'function lambda(i, cb) { cb(null, process.env) }'
  const outcome = await box.run(code, { version: { env: { COLOUR: 'red', BRAND_ID: 'forged' } } })
  expect(outcome.value).toEqual({
    COLOUR: 'red',
    NODE_ENV: 'production',
    BRAND_ID: 'acme',
    LAMBDA_UUID: 'f1',
  })
})

test('what a function writes to its environment is a text, as in a process', async () => {
  const code = `function lambda(i, cb) {
    const { env } = process
    Object.assign(env, { COUNT: 5, FLAG: false, NONE: undefined }); env.COUNT++
    cb(null, [env.COUNT, env.FLAG, env.NONE, delete env.FLAG, 'FLAG' in env])
  }`
  expect((await box.run(code)).value).toEqual(['6', 'false', 'undefined', true, false])
})

test('os answers whatever it is asked, of the instance and not of the machine', async () => {
  const code = `const os = require('os')
    function lambda(i, cb) {
      const asked = Object.keys(os).filter((name) => typeof os[name] === 'function' && name !== 'setPriority')
      cb(null, [asked.map((name) => os[name]()).length > 15, os.hostname(), os.totalmem(), os.cpus().length, require('node:os') === os])
    }`
  expect((await box.run(code)).value).toEqual([true, 'function', 268_435_456, 1, true])
})

test('what an answered call has left to do goes on before many more calls have come', async () => {
  const code = `let done = false, calls = 0
    function lambda(i, cb) {
      if (calls++ === 0) setTimeout(() => { done = true }, 10)
      cb(null, { done, calls })
    }`
  const values: unknown[] = []
  const isDone = async () => {
    const { value } = await box.run(code)
    values.push(value)
    return value
  }
  await expect.poll(isDone).toMatchObject({ done: true })
  expect(values.length).toBeLessThan(30)
})

test('module state lives as long as the instance; each deployment has its own', async () => {
  const code = 'let n = 0; function lambda(i, cb) { cb(null, ++n) }'
  const counted = []
  for (const deploymentId of ['a', 'a', 'b', 'a']) {
    counted.push(
      (await box.run(code, { version: { deploymentId: `state-${deploymentId}` } })).value,
    )
  }
  expect(counted).toEqual([1, 2, 1, 3])
})

test.each([
  ['a long message', `new Error('x'.repeat(400_000))`, 'custom-failure'],
  ['a long value', `'x'.repeat(400_000)`, 'custom-failure'],
  ['a value that is no JSON', 'process', 'custom-failure'],
  ['a long error code', `{ message: 'no', errorCode: 'x'.repeat(400) }`, 'custom-failure'],
])('a failure with %s harms no other call', async (_what, thrown, failure) => {
  const code = `function lambda(i, cb) {
    if (i.payload) return cb(${thrown})
    setTimeout(() => cb(null, 'fine'), 300)
  }`
  const [other, failed] = await Promise.all([box.run(code), box.run(code, { payload: 1 })])
  expect(failed).toMatchObject({ ok: false, failure })
  expect(other).toMatchObject({ ok: true, value: 'fine' })
  const logged = failed.logs.map(({ message, extras }) => message + JSON.stringify(extras))
  expect(Math.max(0, ...logged.map(({ length }) => length))).toBeLessThan(13_000)
})

test('the size of a result, and of an error, is counted in bytes', async () => {
  const code = `const lambda = (i) => '\u20ac'.repeat(i.payload)`
  const euros = (payload: number) => box.run(code, { payload, version: returns })
  expect(await euros(349_000)).toMatchObject({ ok: true })
  expect(await euros(350_000)).toMatchObject({
    ok: false,
    failure: 'runtime-exception',
    message: 'The result is larger than 1048576 bytes',
  })
  const fails = `const lambda = () => { throw new Error('x'.repeat(1_100_000)) }`
  expect(await box.run(fails, { version: returns })).toMatchObject({
    failure: 'custom-failure',
    message: 'The error is larger than 1048576 bytes',
  })
})

test('util.promisify knows the timers', async () => {
  const code = `const { promisify } = require('util')
  async function lambda(i) { return [await promisify(setTimeout)(1, 'late'), await promisify(setImmediate)('soon')] }`
  expect(await box.run(code, { version: returns })).toMatchObject({ value: ['late', 'soon'] })
})
