import { expect, test } from 'vitest'
import { breakListening, openAgentSocket, startTestServer } from '#testing'

const ROUNDS = 8

test('a later login of an agent closes the sockets of its earlier login', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const { accountId, agents } = server
  const place = { url: server.urls[1]!, accountId }
  await using first = await openAgentSocket(place, agents[0]!)
  await using second = await openAgentSocket(place, agents[0]!)
  expect(await first.closed).toBe(4401)
  const clock = await second.request('.GetClock', {})
  expect(clock.body).toEqual({ currentTime: server.clock.now() })
})

test('a newer login closes the sockets of the older one, also on a node that missed the notification', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const { accountId, agents } = server
  const [here, there] = server.urls.map((url) => ({ url, accountId }))
  for (let round = 0; round < ROUNDS; round += 1) {
    const older = await openAgentSocket(there!, agents[0]!)
    const [newer] = await Promise.all([openAgentSocket(here!, agents[0]!), breakListening(server)])
    expect(await older.closed).toBe(4401)
    expect((await newer.request('.GetClock')).code).toBe(200)
    await newer[Symbol.asyncDispose]()
  }
})
