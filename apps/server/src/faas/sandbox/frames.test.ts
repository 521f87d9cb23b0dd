import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'

let box: TestSandbox
beforeAll(async () => {
  box = await openTestSandbox()
})
afterAll(() => box[Symbol.asyncDispose]())

/** Of sizes around those of the pieces in which a pipe is read, so that frames end everywhere in them. */
const SIZES = [0, 1, 20, 2_000, 8_191, 65_400, 65_535, 65_536, 65_600, 131_072, 200_001, 300_000]

test('calls of all sizes that are sent at once are answered each with its own', async () => {
  const code = `function lambda(input, callback) {
    const answer = () => callback(null, input.payload)
    if (input.payload.number % 3 === 0) answer()
    else setTimeout(answer, input.payload.number % 7)
  }`
  const payloads = Array.from({ length: 5 * SIZES.length }, (_, number) => ({
    number,
    text: String.fromCharCode(97 + (number % 26)).repeat(SIZES[number % SIZES.length] ?? 0),
  }))
  const outcomes = await Promise.all(payloads.map((payload) => box.run(code, { payload })))
  expect(outcomes.map(({ value }) => value)).toEqual(payloads)
})

test('calls that a busy function cannot read yet wait, and are all answered', async () => {
  const code = `function lambda({ payload: { busyMs, text } }, callback) {
    const until = Date.now() + busyMs
    while (Date.now() < until);
    callback(null, text.length)
  }`
  const text = 'x'.repeat(200_000)
  const busy = box.run(code, { payload: { busyMs: 50, text } })
  const others = Array.from({ length: 60 }, () => box.run(code, { payload: { busyMs: 1, text } }))
  const values = (await Promise.all([busy, ...others])).map(({ value }) => value)
  expect(values).toEqual(Array.from({ length: 61 }, () => text.length))
})

test('memory of what was read is given back at once', async () => {
  const code = `let most = 0
    function lambda({ payload }, callback) {
      most = Math.max(most, process.memoryUsage().rss)
      callback(null, payload === 'how much' ? most : null)
    }`
  const first = await box.run(code, { payload: 'how much' })
  for (let call = 0; call < 3_000; call += 1) await box.run(code, { payload: '' })
  const last = await box.run(code, { payload: 'how much' })
  expect(last).toMatchObject({ ok: true })
  expect(Number(last.value) - Number(first.value)).toBeLessThan(64 * 2 ** 20)
})
