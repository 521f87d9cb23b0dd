import { expect, test } from 'vitest'
import { type Credentials, startTestServer } from '#testing'

const AT_ONCE = 300

test('a node that is late refuses who asks for most, at once and with when to try again, and serves others beside', async () => {
  // Later than that is every node.
  await using server = await startTestServer({ clock: 'system', env: { PARLEY_OVERLOAD_MS: '1' } })
  const quiet = await server.anotherAccount()
  const ask = async ({ accountId, adminBearer }: Credentials) => {
    const path = `/api/v1/accounts/${accountId}/skills`
    return await server.request('GET', path, { bearer: adminBearer })
  }

  const statuses = new Set<number>()
  const waits = new Set<unknown>()
  const ofQuiet = new Set<number>()
  await expect
    .poll(
      async () => {
        const loud = Promise.all(Array.from({ length: AT_ONCE }, () => ask(server)))
        ofQuiet.add((await ask(quiet)).status)
        for (const { status, headers } of await loud) {
          statuses.add(status)
          if (status === 503) waits.add(headers['retry-after'])
        }
        return statuses.has(503)
      },
      { timeout: 50_000, interval: 0 },
    )
    .toBe(true)

  expect([...statuses].toSorted((a, b) => a - b)).toEqual([200, 503])
  expect([...waits]).toEqual(['1'])
  expect([...ofQuiet]).toEqual([200])
  await expect.poll(async () => (await ask(server)).status).toBe(200)
})
