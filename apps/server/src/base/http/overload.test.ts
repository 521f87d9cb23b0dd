import { expect, test } from 'vitest'
import { type Credentials, openConsumerSocket, startTestServer } from '#testing'

const AT_ONCE = 200
const MESSAGES = 50
const UNKNOWN = '00000000-0000-4000-8000-000000000000'

test('a node that is late refuses who asks for most, at once and with when to try again, and serves others beside', async () => {
  // Later than that is every node.
  await using server = await startTestServer({ clock: 'system', env: { PARLEY_OVERLOAD_MS: '1' } })
  const quiet = await server.anotherAccount()
  const { accountId, adminBearer: bearer } = server
  const read = ({ accountId: of, adminBearer }: Credentials) =>
    server.request('GET', `/api/v1/accounts/${of}/skills`, { bearer: adminBearer })
  const call = () =>
    server.request('POST', `/api/account/${accountId}/lambdas/${UNKNOWN}/invoke?v=1`, {
      bearer,
      body: { payload: 1 },
    })
  const messaging = { requestsPerSecond: 100_000, accountRequestsPerSecond: 100_000 }
  await server.request('PATCH', `/api/v1/accounts/${accountId}/settings`, {
    bearer,
    body: { messaging },
  })
  await using consumer = await openConsumerSocket(server)
  const dialogId = await consumer.openConversation()
  let said = 0
  const acknowledged: string[] = []
  const say = async () => {
    const message = `message ${(said += 1)}`
    const event = { type: 'ContentEvent', contentType: 'text/plain', message }
    const { code } = await consumer.request('ms.PublishEvent', { dialogId, event })
    if (code === 200) acknowledged.push(message)
    return code
  }

  const [ofReads, ofCalls, ofMessages] = [new Set(), new Set(), new Set()]
  const waits = new Set<unknown>()
  const ofQuiet = new Set<number>()
  await expect
    .poll(
      async () => {
        const many = <Answer>(ask: () => Promise<Answer>, length: number) =>
          Promise.all(Array.from({ length }, ask))
        const loud = Promise.all([
          many(() => read(server), AT_ONCE),
          many(call, AT_ONCE),
          many(say, MESSAGES),
        ])
        ofQuiet.add((await read(quiet)).status)
        const [reads, calls, messages] = await loud
        for (const code of messages) ofMessages.add(code)
        for (const { status } of reads) ofReads.add(status)
        for (const { status } of calls) ofCalls.add(status)
        for (const { status, headers } of [...reads, ...calls]) {
          if (status === 503) waits.add(headers['retry-after'])
        }
        return [ofReads, ofCalls, ofMessages].every((statuses) => statuses.has(503))
      },
      { interval: 0 },
    )
    .toBe(true)

  // Alone, each is served again: so many at once may all have been refused.
  const served = async (seen: Set<unknown>, ask: () => Promise<unknown>, status: number) => {
    const again = async () => {
      const last = await ask()
      seen.add(last)
      return last
    }
    await expect.poll(again).toBe(status)
  }
  await served(ofReads, async () => (await read(server)).status, 200)
  await served(ofCalls, async () => (await call()).status, 404)
  await served(ofMessages, say, 200)
  expect(ofReads).toEqual(new Set([200, 503]))
  expect(ofCalls).toEqual(new Set([404, 503]))
  expect(ofMessages).toEqual(new Set([200, 503]))
  expect(waits).toEqual(new Set(['1']))
  expect(ofQuiet).toEqual(new Set([200]))
  const heard = () =>
    consumer.messages(dialogId).flatMap(({ text, role }) => (role === 'CONSUMER' ? [text] : []))
  await expect.poll(() => heard().length).toBe(acknowledged.length)
  expect(new Set(heard())).toEqual(new Set(acknowledged))
})
