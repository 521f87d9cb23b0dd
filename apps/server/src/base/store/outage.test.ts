import { sql } from 'kysely'
import { expect, inject, test } from 'vitest'
import { cloneDatabase } from '#base/postgres'
import { anchoredMs, openDatabaseProxy } from '#testing'
import { openStore } from './open.ts'
import { storeDeps } from './store-deps.fixture.ts'
import { aWrite } from './two-stores.fixture.ts'

/** Half a minute passes in half a second. */
const hurried = { ...storeDeps.monotonic, now: () => storeDeps.monotonic.now() * 60 }

test('every commit fails in time when the database is away, however many wait', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  const proxy = await openDatabaseProxy(database.url)
  using _ = proxy
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
})

test('a network that loses every packet is noticed in seconds, and new connections are used as soon as they work', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  const proxy = await openDatabaseProxy(database.url)
  using _ = proxy
  await using store = await openStore(storeDeps, { kind: 'given', url: proxy.url })
  expect(await store.commit(aWrite('before', 0))).toMatchObject({ status: 'applied' })
  const again = Promise.withResolvers<void>()
  using _resync = store.onResync(() => again.resolve())
  expect(store.isAnswering()).toBe(true)

  proxy.silence()
  const commits = Array.from({ length: 20 }, (_unused, at) => store.commit(aWrite(`c${at}`, 0)))
  const query = async () =>
    await expect(sql`select 1`.execute(store.db)).rejects.toMatchObject({ code: 'unavailable' })
  expect(await anchoredMs(query)).toBeLessThan(8_000)
  expect(store.isAnswering()).toBe(false)

  proxy.speak()
  for (const outcome of await Promise.all(commits)) {
    expect(outcome).toMatchObject({ status: 'applied' })
  }
  await again.promise
  expect(await sql`select 1 as one`.execute(store.db)).toMatchObject({ rows: [{ one: 1 }] })
  await expect.poll(() => store.isAnswering()).toBe(true)
})

test('a lock that somebody has forgotten delays only what needs it', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  await using store = await openStore(storeDeps, { kind: 'given', url: database.url })
  await store.commit(aWrite('locked', 0))
  const release = Promise.withResolvers<void>()
  const locked = Promise.withResolvers<void>()
  const forgetful = store.db.transaction().execute(async (tx) => {
    await sql`select from conversation where conversation_id = 'locked' for update`.execute(tx)
    locked.resolve()
    await release.promise
  })
  await locked.promise

  const stuck = Promise.allSettled([store.commit(aWrite('locked', 1))])
  const beside = Array.from({ length: 50 }, (_unused, at) => store.commit(aWrite(`c${at}`, 0)))
  for (const outcome of await Promise.all(beside)) {
    expect(outcome).toMatchObject({ status: 'applied' })
  }
  expect(await stuck).toMatchObject([{ status: 'rejected', reason: { code: 'unavailable' } }])
  release.resolve()
  await forgetful
  expect(await store.commit(aWrite('locked', 1))).toMatchObject({ status: 'applied' })
})

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
  using _ = store.onResync(() => rechecked.resolve(), { periodic: true })
  await rechecked.promise
  expect(resyncs).toBe(0)
})
