import { createConnection, createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { expect, inject, test } from 'vitest'
import { cloneDatabase } from '#base/postgres'
import { openStore } from './open.ts'
import { storeDeps } from './store-deps.fixture.ts'
import { aWrite } from './two-stores.fixture.ts'

/** A proxy to the database that can be closed and opened again. */
async function openProxy(url: string) {
  const { searchParams, username, password, pathname } = new URL(url)
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = createConnection(`${searchParams.get('host')}/.s.PGSQL.5432`)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
      one.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    url: `postgresql://${username}:${password}@127.0.0.1:${port}${pathname}`,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
    async open() {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
  }
}

/** Half a minute passes in half a second. */
const hurried = { ...storeDeps.monotonic, now: () => storeDeps.monotonic.now() * 60 }

test('every commit fails in time when the database is away, however many wait', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  const proxy = await openProxy(database.url)
  using _ = { [Symbol.dispose]: proxy.close }
  const settings = { kind: 'given' as const, url: proxy.url }
  await using store = await openStore({ ...storeDeps, monotonic: hurried }, settings)
  expect(await store.commit(aWrite('before', 0))).toMatchObject({ status: 'applied' })

  proxy.close()
  const commits = Array.from({ length: 600 }, (_unused, at) => store.commit(aWrite(`c${at}`, 0)))
  for (const outcome of await Promise.allSettled(commits)) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } })
  }

  await proxy.open()
  expect(await store.commit(aWrite('after', 0))).toMatchObject({ status: 'applied' })
  expect(await store.commit(aWrite('before', 0))).toEqual({ status: 'stale' })
}, 20_000)

/** Whole minutes pass in a moment. */
const leaping = {
  ...storeDeps.monotonic,
  every: (ms: number, tick: () => void) => storeDeps.monotonic.every(ms < 60_000 ? ms : 20, tick),
}

test('a node reads again now and then what it has cached: another one may have died before its notification', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  const settings = { kind: 'given' as const, url: database.url }
  await using store = await openStore({ ...storeDeps, monotonic: leaping }, settings)
  const rechecked = Promise.withResolvers<void>()
  let resyncs = 0
  store.onResync(() => (resyncs += 1))
  using _ = store.onResync(rechecked.resolve, { periodic: true })
  await rechecked.promise
  expect(resyncs).toBe(0)
})
