import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestSandbox, type TestSandbox } from './testing.ts'

let box: TestSandbox
beforeAll(async () => {
  box = await openTestSandbox()
}, 60_000)
afterAll(() => box[Symbol.asyncDispose]())

test('a value given to the callback is the result', async () => {
  const outcome = await box.run('function lambda(i, cb) { cb(null, { hi: i.payload }) }', { payload: 'x' })
  expect(outcome).toMatchObject({ ok: true, value: { hi: 'x' } })
})
