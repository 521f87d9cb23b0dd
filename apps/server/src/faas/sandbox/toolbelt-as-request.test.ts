import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openToolbeltBench, type ToolbeltBench } from './toolbelt-bench.fixture.ts'

let bench: ToolbeltBench
const evaluate = (statements: string) => bench.evaluate(statements)
beforeAll(async () => {
  bench = await openToolbeltBench()
})
beforeEach(() => bench.reset())
afterAll(() => bench[Symbol.asyncDispose]())

/** What `request` takes for no time limit, or for one that is longer than a timer can be. */
const LIMITS = '[0, -1, null, NaN, Infinity, 2 ** 31, "500"]'

test('HTTPClient has no time limit where the timeout is no number above 0', async () => {
  const calls = `const done = []
    for (const timeout of ${LIMITS}) done.push((await Toolbelt.HTTPClient()(base, { timeout, json: true })).method)
    return done`
  expect(await evaluate(calls)).toEqual(Array.from({ length: 7 }, () => 'GET'))
})

test('LpClient and OrchestratorClient have none either', async () => {
  for (let n = 0; n < 14; n += 1) bench.answers.push({ status: 200, body: n })
  const calls = `const done = []
    for (const timeout of ${LIMITS}) {
      done.push(await Toolbelt.LpClient()("smt", "/", { timeout, json: true }))
      const [{ body }] = await Toolbelt.OrchestratorClient().invoke([{ uuid: "f1" }], 20000, { timeout })
      done.push(body)
    }
    return done`
  expect(await evaluate(calls)).toEqual(Array.from({ length: 14 }, (_, n) => n))
})
