import { expect, inject, test, vi } from 'vitest'
import { cloneDatabase } from '#base/postgres'
import { openDatabaseProxy, startTestServer } from '#testing'

test('a node says whether it can serve', async () => {
  await using server = await startTestServer()
  const health = await server.request('GET', '/health')
  expect({ status: health.status, body: health.json() }).toMatchObject({
    status: 200,
    body: { status: 'ok' },
  })
})

test('a node whose network to the database loses every packet says so at once, and serves when new connections work', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  using proxy = await openDatabaseProxy(database.url)
  await using server = await startTestServer({ clock: 'system', databaseUrl: proxy.url })
  const health = async () => {
    const askedAt = performance.now()
    const { status } = await server.request('GET', '/health')
    expect(performance.now() - askedAt).toBeLessThan(1_000)
    return status
  }
  const skills = async () =>
    (
      await server.request('GET', `/api/v1/accounts/${server.accountId}/skills`, {
        bearer: server.adminBearer,
      })
    ).status
  expect([await health(), await skills()]).toEqual([200, 200])

  proxy.silence()
  const silentAt = performance.now()
  await vi.waitFor(async () => expect(await health()).toBe(503), { timeout: 10_000 })
  expect(performance.now() - silentAt).toBeLessThan(6_000)

  proxy.speak()
  const speaksAt = performance.now()
  await vi.waitFor(async () => expect([await health(), await skills()]).toEqual([200, 200]), {
    timeout: 20_000,
  })
  expect(performance.now() - speaksAt).toBeLessThan(10_000)
}, 60_000)
