import { expect, inject, test } from 'vitest'
import { cloneDatabase } from '#base/postgres'
import { anchoredMs, openDatabaseProxy, startTestServer } from '#testing'

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
  const health = async () => (await server.request('GET', '/health')).status
  const skills = async () =>
    (
      await server.request('GET', `/api/v1/accounts/${server.accountId}/skills`, {
        bearer: server.adminBearer,
      })
    ).status
  expect([await health(), await skills()]).toEqual([200, 200])

  proxy.silence()
  expect(await anchoredMs(health)).toBeLessThan(1_000)
  await expect.poll(health).toBe(503)
  expect(await anchoredMs(health)).toBeLessThan(1_000)

  proxy.speak()
  await expect.poll(async () => [await health(), await skills()]).toEqual([200, 200])
})

test('a node that is told to stop says so, and serves, as long as load balancers need to hear of it', async () => {
  await using server = await startTestServer({ env: { PARLEY_STOP_NOTICE_MS: '23457' } })
  // Each by a connection of its own, as load balancers ask.
  const ask = async (path: string) =>
    await fetch(`${server.url}${path}`, { headers: { connection: 'close' } })
  const stopped = server.context[Symbol.asyncDispose]()

  await expect.poll(async () => (await ask('/health')).status).toBe(503)
  expect(await (await ask('/health')).json()).toMatchObject({
    error: { message: 'This node stops' },
  })
  expect((await ask('/api/v1/openapi.json')).status).toBe(200)

  expect(server.ring(23_457)).toBe(1)
  await stopped
  await expect(ask('/health')).rejects.toThrow('fetch failed')
})
