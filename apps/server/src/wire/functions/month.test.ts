import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { lambdasOf, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** An account that may invoke so much in a month. */
async function limitedTo(invocationsPerMonth: number) {
  const account = lambdasOf(server, await server.anotherAccount())
  const uuid = await account.deployed('const lambda = async (input) => input.payload')
  await account.native('PATCH', '/settings', { limits: { invocationsPerMonth } })
  const usage = async () => (await account.native('GET', '/usage')).json()
  /** As a client that has lost the answer, and asks again. */
  const repeat = () =>
    account.call(
      'POST',
      `/lambdas/${uuid}/invoke?v=1`,
      { payload: 1 },
      { bearer: account.account.appToken, headers: { 'x-request-id': 'the-same' } },
    )
  return Object.assign(() => account.invoke(uuid, 1), { usage, repeat })
}

/** Until the first of the next month, in UTC. */
function restOfMonth(): number {
  const now = new Date(server.clock.now())
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1) - now.getTime()
}

test('an invocation over the limit of the month gets 429 until the month is over', async () => {
  await server.clock.advance(restOfMonth() - 20_000)
  const invoke = await limitedTo(2)
  const replies = [await invoke(), await invoke(), await invoke()]
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 429])
  expect(Number(replies[2]?.headers['retry-after'])).toBe(restOfMonth() / 1000)

  await server.clock.advance(restOfMonth())
  expect((await invoke()).status).toBe(200)
})

test('of invocations that come at once no more run than the month has left', async () => {
  const invoke = await limitedTo(2)
  const replies = await Promise.all(Array.from({ length: 10 }, invoke))
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(2)
})

test('a request that is repeated with its X-Request-ID counts once towards the month', async () => {
  const invoke = await limitedTo(2)
  // The second one before the first has an answer, too.
  await Promise.all([invoke.repeat(), invoke.repeat()])
  expect((await invoke.repeat()).status).toBe(200)
  expect([(await invoke()).status, (await invoke()).status]).toEqual([200, 429])
})

test('a call that is turned away before it runs does not count towards the month', async () => {
  const invoke = await limitedTo(2)
  const { sandbox } = server.context
  using isLate = vi.spyOn(sandbox, 'isLate').mockReturnValueOnce(true)
  using waiting = vi.spyOn(sandbox, 'invoke').mockResolvedValueOnce({
    ok: false,
    failure: 'unavailable',
    errorCode: 'queue-full',
    message: 'Too many calls wait',
    retryable: true,
    logs: [],
    outgoing: [],
    durationMs: 0,
    start: 'warm',
  })
  expect([(await invoke()).status, (await invoke()).status]).toEqual([429, 429])
  expect([isLate.mock.calls.length > 1, waiting.mock.calls.length]).toEqual([true, 1])
  expect((await invoke()).status).toBe(200)
  expect(await invoke.usage()).toMatchObject({ monthSucceeded: 1, monthFailed: 0 })

  // What has run is counted again.
  await server.clock.advance(60_000)
  expect([(await invoke()).status, (await invoke()).status]).toEqual([200, 429])
})
