import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'

let box: TestSandbox
beforeAll(async () => {
  box = await openTestSandbox()
})
afterAll(() => box[Symbol.asyncDispose]())

const run = async (statements: string) => {
  const code = `const crypto = require('crypto'); async function lambda() { ${statements} }`
  return (await box.run(code, { version: { delivers: 'return' } })).value
}

test('a part of a view of numbers is filled by its elements, as Node counts them', async () => {
  const filled = await run(`
    const chosen = (view) => Array.from(view, (one) => one !== 0 && one !== 0n)
    const views = [new Uint32Array(4), new BigUint64Array(3), new Uint8Array(4)]
    const [ints, longs, bytes] = views
    crypto.randomFillSync(ints, 2, 1)
    crypto.randomFillSync(longs, 1)
    await new Promise((done, fail) => crypto.randomFill(bytes, 3, (error) => (error ? fail(error) : done())))
    bytes[3] = 1
    return views.map(chosen)`)
  expect(filled).toEqual([
    [false, false, true, false],
    [false, true, true],
    [false, false, false, true],
  ])
})

test('bytes behind the view are refused, and those of other views stay as they are', async () => {
  const refused = await run(`
    const pool = new ArrayBuffer(64)
    const view = new Uint8Array(pool, 8, 8)
    const codeOf = (from, size) => { try { crypto.randomFillSync(view, from, size) } catch (error) { return error.code } }
    const codes = [codeOf(0, 32), codeOf(9), codeOf(-1), codeOf(0, 'x')]
    return [codes, new Uint8Array(pool).every((byte) => byte === 0)]`)
  const codes = ['ERR_OUT_OF_RANGE', 'ERR_OUT_OF_RANGE', 'ERR_OUT_OF_RANGE', 'ERR_INVALID_ARG_TYPE']
  expect(refused).toEqual([codes, true])
})
