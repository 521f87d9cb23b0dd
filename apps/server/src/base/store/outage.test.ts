import { sql } from 'kysely'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { cloneDatabase } from '#base/postgres'
import { anchoredMs, countWaiting, openDatabaseProxy } from '#testing'
import type { Db } from './db.ts'
import { openStore } from './open.ts'
import type { InvocationInsert } from './operations.ts'
import { storeDeps } from './store-deps.fixture.ts'
import { aFigure, aWrite } from './two-stores.fixture.ts'

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

test('a batch whose answer was lost is applied once, also when what it inserts is there by then', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  const proxy = await openDatabaseProxy(database.url)
  using _ = proxy
  await using store = await openStore(storeDeps, { kind: 'given', url: proxy.url })
  await using beside = await openStore(storeDeps, { kind: 'given', url: database.url })
  await store.commit(aWrite('held', 0))
  const waiting = () => countWaiting({ context: { store: beside } })

  const commits = await beside.db.transaction().execute(async (tx) => {
    await sql`select from conversation where conversation_id = 'held' for update`.execute(tx)
    const made = [
      store.commit({
        accountId: 'acme',
        documents: [],
        figures: [aFigure],
        invocations: [aRecord],
      }),
      store.commit(aWrite('held', 1)),
    ]
    await expect.poll(waiting).toBe(1)
    proxy.close()
    await proxy.open()
    await expect.poll(waiting).toBe(2)
    return made
  })

  for (const outcome of await Promise.all(commits)) {
    expect(outcome).toMatchObject({ status: 'applied' })
  }
  const { rows } = await sql`select sum(count)::int as counted from figure_minute`.execute(
    beside.db,
  )
  expect(rows).toEqual([{ counted: 1 }])
})

/** The record of a run. */
const aRecord = {
  accountId: 'acme',
  startedAt: new Date(),
  recordId: '0196f3a0-0000-7000-8000-000000000001',
  invocationId: 'i1',
  functionId: '0196f3a0-0000-7000-8000-000000000002',
  version: 1,
  source: 'event',
  attempt: 1,
  durationMs: 1.5,
  outcome: 'SUCCEEDED',
  coldStart: false,
} as unknown as InvocationInsert

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

test('a network that loses every packet is noticed also while the node connects again to ask whether the database answers', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  const proxy = await openDatabaseProxy(database.url)
  using _ = proxy
  await using store = await openStore(storeDeps, { kind: 'given', url: proxy.url })
  expect(await store.commit(aWrite('before', 0))).toMatchObject({ status: 'applied' })

  proxy.silenceNew()
  const endAsking = sql`select pg_terminate_backend(pid) from pg_stat_activity
    where pid <> pg_backend_pid() and query like '%clock_timestamp() as at'`
  await expect.poll(() => endAsking.execute(store.db).then(() => proxy.lost())).toBeGreaterThan(0)
  proxy.silence()
  const commits = Array.from({ length: 20 }, (_unused, at) => store.commit(aWrite(`c${at}`, 0)))
  await expect.poll(() => store.isAnswering()).toBe(false)

  proxy.speak()
  for (const outcome of await Promise.all(commits)) {
    expect(outcome).toMatchObject({ status: 'applied' })
  }
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

test('the database itself ends statements, waits for locks and silent transactions', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  await using store = await openStore(storeDeps, { kind: 'given', url: database.url })
  const limitsOf = async (db: Db) =>
    (
      await sql`select current_setting('statement_timeout') as statement,
        current_setting('lock_timeout') as lock,
        current_setting('idle_in_transaction_session_timeout') as silence`.execute(db)
    ).rows

  expect(await limitsOf(store.db)).toEqual([{ statement: '30s', lock: '5s', silence: '20s' }])
  const ofMaintenance = [{ statement: '10min', lock: '2s', silence: '1min' }]
  expect(await limitsOf(store.maintenance)).toEqual(ofMaintenance)
  const endless = store.transaction(async (tx) => {
    await sql`set local statement_timeout = 10`.execute(tx)
    await sql`select pg_sleep(60)`.execute(tx)
  })
  await expect(endless).rejects.toMatchObject({ code: 'unavailable', status: 503 })
})

test('a transaction that falls silent is ended, and what it has locked is free again', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  await using store = await openStore(storeDeps, { kind: 'given', url: database.url })
  await store.commit(aWrite('locked', 0))
  const locked = Promise.withResolvers<void>()
  const freed = Promise.withResolvers<void>()
  const silent = store.transaction(async (tx) => {
    await sql`set local idle_in_transaction_session_timeout = 50`.execute(tx)
    await sql`select from conversation where conversation_id = 'locked' for update`.execute(tx)
    locked.resolve()
    await freed.promise
    await sql`select 1`.execute(tx)
  })
  const ended = Promise.allSettled([silent])
  await locked.promise
  expect(await store.commit(aWrite('locked', 1))).toMatchObject({ status: 'applied' })
  freed.resolve()
  expect(await ended).toMatchObject([{ reason: { code: 'unavailable', status: 503 } }])
})

test.each(['40001', '40P01', '53000', '53200', '58030', 'XX000'])(
  'what the database cannot do just now is worth another try (%s)',
  async (state) => {
    await using database = await cloneDatabase(inject('templateUrl'))
    await using store = await openStore(storeDeps, { kind: 'given', url: database.url })
    const failing = sql`do ${sql.lit(`begin
      raise exception 'could not write: Disk quota exceeded' using errcode = '${state}'; end`)}`

    const failure = { code: 'unavailable', status: 503 }
    await expect(failing.execute(store.db)).rejects.toMatchObject(failure)
    await expect(store.transaction((tx) => failing.execute(tx))).rejects.toMatchObject(failure)
  },
)

test('a connection that finds no room on the disk of the database is refused as full, and made when there is room', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  await using store = await openStore(storeDeps, { kind: 'given', url: database.url })
  await using other = await asOperator(database.url)
  await refuseConnections(other.client)
  await other.client.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`)

  await expect
    .poll(() => sql`select 1`.execute(store.db).catch((err: unknown) => err))
    .toMatchObject({
      code: 'unavailable',
      retryAfterMs: 1_000,
    })
  await other.client.query('drop event trigger no_room')
  await expect
    .poll(() => sql`select 1 as one`.execute(store.db).catch(() => undefined))
    .toMatchObject({
      rows: [{ one: 1 }],
    })
  await expect
    .poll(() => store.commit(aWrite('after', 0)).catch(() => undefined))
    .toMatchObject({
      status: 'applied',
    })
})

test('a query for which no other connection finds room on the disk waits for one that is there', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  await using store = await openStore(storeDeps, { kind: 'given', url: database.url })
  await using other = await asOperator(database.url)
  await other.client.query('select pg_advisory_lock(1)')
  await refuseConnections(other.client)

  const queries: Promise<unknown>[] = []
  await expect
    .poll(async () => {
      queries.push(sql`select pg_advisory_lock_shared(1)`.execute(store.db))
      const { rows } = await other.client.query<{ tried: boolean }>(
        'select is_called as tried from tries',
      )
      return rows[0]?.tried
    })
    .toBe(true)
  await other.client.query('select pg_advisory_unlock(1)')
  for (const outcome of await Promise.allSettled(queries)) {
    expect(outcome).toMatchObject({ status: 'fulfilled' })
  }
})

/** No new connection of a node finds room on the disk. The sequence `tries` tells whether one was tried. */
async function refuseConnections(client: pg.Client): Promise<void> {
  await client.query(`create sequence tries;
    create function no_room() returns event_trigger language plpgsql as $$ begin
      if current_setting('application_name') = 'parley' then
        perform nextval('tries');
        raise exception using errcode = '53100', message = 'could not resize shared memory';
      end if; end $$;
    create event trigger no_room on login execute function no_room()`)
}

async function asOperator(url: string) {
  const client = new pg.Client(url)
  await client.connect()
  return { client, [Symbol.asyncDispose]: () => client.end() }
}

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
