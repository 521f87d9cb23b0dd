import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'

let box: TestSandbox
beforeAll(async () => {
  box = await openTestSandbox()
})
afterAll(() => box[Symbol.asyncDispose]())

/** A module of WebAssembly that exports `add`, which adds two integers. */
const ADD = `const wasm = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0,
  10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11,
])`

test.each([
  ['at once', 'const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm))'],
  ['later', 'const { instance: { exports } } = await WebAssembly.instantiate(wasm)'],
])('functions compile WebAssembly %s', async (_when, statement) => {
  const code = `${ADD}
    async function lambda() { ${statement}; return exports.add(2, 3) }`
  const outcome = await box.run(code, { version: { delivers: 'return' } })
  expect(outcome).toMatchObject({ ok: true, value: 5 })
})

test('code that is called often is compiled again while it runs, and goes on right', async () => {
  const code = `function sum(upTo) { let all = 0; for (let n = 1; n <= upTo; n += 1) all += n % 7; return all }
    function lambda(input, callback) { let last; for (let n = 0; n < 3000; n += 1) last = sum(2000); callback(null, last) }`
  expect(await box.run(code)).toMatchObject({ ok: true, value: 6000 })
})
