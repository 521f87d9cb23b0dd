import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type HttpSite, startHttpSite } from '#testing'
import { openToolbeltBench, type ToolbeltBench } from './toolbelt-bench.fixture.ts'

let bench: ToolbeltBench
/** Sends everybody on to the site of the bench. */
let other: HttpSite
const evaluate = (statements: string) => bench.evaluate(statements)
beforeAll(async () => {
  other = await startHttpSite((request, response) => {
    response.writeHead(302, { location: `${bench.base}${request.url}` }).end()
  })
  bench = await openToolbeltBench([other.host])
})
beforeEach(() => bench.reset())
afterAll(async () => {
  await bench[Symbol.asyncDispose]()
  await other[Symbol.asyncDispose]()
})

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

test('HTTPClient leaves its own host header behind on the way to another host', async () => {
  const call = `return Toolbelt.HTTPClient()("${other.origin}/a", { headers: { Host: "mine.example" }, json: true })`
  expect(await evaluate(call)).toMatchObject({
    url: '/a',
    headers: { host: bench.base.replace('http://', '') },
  })
})

test.each([
  ['/p?a=b%20c', '{ z: "x y" }', '/p?a=b%20c&z=x%20y'],
  ['/p?a=1&b=%2B&a=2', '{ b: 3 }', '/p?a=1&a=2&b=3'],
  ['/p?a=b%20c', '{ a: undefined }', '/p'],
  ['/p?a=b%20c', '{}', '/p?a=b%20c'],
])('HTTPClient asks for %s with %s', async (path, qs, url) => {
  const call = `return Toolbelt.HTTPClient()(base + "${path}", { qs: ${qs}, json: true })`
  expect(await evaluate(call)).toMatchObject({ url })
})
