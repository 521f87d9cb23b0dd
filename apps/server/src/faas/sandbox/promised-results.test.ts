import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'

let box: TestSandbox
beforeAll(async () => {
  box = await openTestSandbox()
})
afterAll(() => box[Symbol.asyncDispose]())

const callback = (statements: string) => `function lambda(i, cb) { ${statements} }`
const later = (then: string) => `new Promise((ok, no) => setTimeout(() => ${then}, 20))`

test.each([
  ['a promise', `cb(null, ${later('ok({ done: true })')})`, { done: true }],
  ['a promise of a promise', 'cb(null, Promise.resolve((async () => 5)()))', 5],
  ['a thenable of its own', 'cb(null, { then(ok) { ok(7) } })', 7],
  ['an object whose `then` is no function', 'cb(null, { then: 1 })', JSON.parse('{"then":1}')],
  [
    'the first promise, whatever comes while it is at work',
    `cb(null, ${later('ok("first")')}); cb(null, "second"); cb(new Error("third")); throw new Error("fourth")`,
    'first',
  ],
])('of %s given to the callback the value is the result', async (_what, statements, value) => {
  expect(await box.run(callback(statements))).toMatchObject({ ok: true, value })
})

test('an async function may deliver a promise and end, or fail, before it is done', async () => {
  const deliver = `cb(null, ${later('ok(1)')})`
  for (const end of ['return 2', 'throw new Error("late")']) {
    const code = `async function lambda(i, cb) { ${deliver}; ${end} }`
    expect(await box.run(code)).toMatchObject({ ok: true, value: 1 })
  }
})

test('what is logged until the promise is done belongs to the call', async () => {
  const code = callback('cb(null, (async () => { await 0; console.info("worked"); return 1 })())')
  expect(await box.run(code)).toMatchObject({ value: 1, logs: [{ message: 'worked' }] })
})

test.each([
  ['an Error', 'new Error("inner")', 'custom-failure', 'inner'],
  ['a mistake in the code', 'new TypeError("wrong")', 'runtime-exception', 'wrong'],
  ['a text', '"ERROR"', 'custom-failure', 'ERROR'],
])(
  'a promise given to the callback that rejects with %s fails as the function does',
  async (_what, error, failure, message) => {
    expect(await box.run(callback(`cb(null, ${later(`no(${error})`)})`))).toMatchObject({
      ok: false,
      failure,
      message,
    })
  },
)
