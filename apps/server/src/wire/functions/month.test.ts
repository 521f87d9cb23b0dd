import { afterAll, beforeAll, expect, test } from 'vitest'
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
  return () => account.invoke(uuid, 1)
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
