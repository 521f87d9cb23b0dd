import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

async function setLimits(lambdas: Lambdas, limits: object): Promise<void> {
  const reply = await lambdas.native('PATCH', '/settings', { limits })
  expect(reply.status).toBe(200)
}

test('a changed limit of the log counts from the next call on, without a deployment', async () => {
  const lambdas = lambdasOf(server, await server.anotherAccount())
  const uuid = await lambdas.deployed(
    `function lambda({ payload }, callback) {
      for (let line = 0; line < payload; line++) console.info('line')
      callback(null, 'done')
    }`,
  )
  const statusOf = async (lines: number) => (await lambdas.invoke(uuid, lines)).status

  expect([await statusOf(10), await statusOf(11)]).toEqual([200, 901])
  await setLimits(lambdas, { logEntries: 12 })
  expect([await statusOf(12), await statusOf(13)]).toEqual([200, 901])
  await setLimits(lambdas, { logEntries: null, logCharacters: 20 })
  expect([await statusOf(5), await statusOf(6)]).toEqual([200, 901])
})

test('a log within the widest limits is stored, and one beyond them fails its call alone', async () => {
  const lambdas = lambdasOf(server, await server.anotherAccount())
  await setLimits(lambdas, { logEntries: 1_000, logCharacters: 40_000 })
  const uuid = await lambdas.deployed(
    `let calls = 0
    function lambda({ payload: { lines, text } }, callback) {
      for (let line = 0; line < lines; line++) console.info(text)
      callback(null, ++calls)
    }`,
  )
  const invoke = (lines: number, text: string) => lambdas.invoke(uuid, { lines, text })
  const tryOut = (lines: number) =>
    lambdas.call('POST', `/lambdas/${uuid}/invoke?userId=1&v=1`, { payload: { lines, text: 'x' } })

  expect((await invoke(1, '\u0001'.repeat(40_000))).text).toBe('1')
  expect((await invoke(1_000, 'x')).text).toBe('2')
  expect((await invoke(1_001, 'x')).status).toBe(901)
  expect((await tryOut(1_001)).json()).toMatchObject({ result: 4 })
})

test.each([
  { what: 'entries', log: `for (let n = 0; n < 10; n++) console.info('i')` },
  {
    what: 'entries and Debug',
    log: `for (let n = 0; n < 10; n++) console.info('i'); console.debug('d')`,
  },
  {
    what: 'entries and an error',
    log: `for (let n = 0; n < 10; n++) console.info('i')`,
    fails: true,
  },
  { what: 'too many entries', log: `for (let n = 0; n < 11; n++) console.info('i')`, isOver: true },
  { what: 'one entry that is too long', log: `console.info('x'.repeat(6001))`, isOver: true },
])(
  'a test with $what warns of the limits of the log if the deployed function fails by them',
  async ({ log, fails = false, isOver = false }) => {
    const lambdas = lambdasOf(server, await server.anotherAccount())
    const answer = fails ? `callback(new Error('boom'))` : `callback(null, 'done')`
    const code = `function lambda(input, callback) { ${log}; ${answer} }`
    const uuid = await lambdas.deployed(code)

    const tested = await lambdas.native('POST', `/functions/${uuid}/test`, { payload: null })
    const live = await lambdas.invoke(uuid, null)

    expect(live.status).toBe(isOver || fails ? 901 : 200)
    expect(live.text.includes('log-limit-reached')).toBe(isOver)
    const { warnings } = tested.json<{ warnings: string[] }>()
    expect(warnings).toEqual(isOver ? [expect.stringContaining('this one would fail')] : [])
  },
)

test('a changed limit of outgoing calls counts from the next call on, without a deployment', async () => {
  const lambdas = lambdasOf(server, await server.anotherAccount())
  const uuid = await lambdas.deployed(
    `const ask = () => fetch('https://not-allowed.example').catch(({ cause }) => cause.statusCode)
    const lambda = () => Promise.all(Array.from({ length: 15 }, ask))`,
  )
  const tooMany = async () => {
    const statuses = (await lambdas.invoke(uuid, null)).json<number[]>()
    return statuses.filter((status) => status === 429).length
  }

  expect(await tooMany()).toBe(0)
  await setLimits(lambdas, { outboundRequestsPerSecond: 1 })
  expect(await tooMany()).toBeGreaterThan(0)
  await setLimits(lambdas, { outboundRequestsPerSecond: 1000 })
  expect(await tooMany()).toBe(0)
})
