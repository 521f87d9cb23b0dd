import { describe, expect, test, vi } from 'vitest'
import { sql } from 'kysely'
import pg from 'pg'
import { randomUUID } from 'node:crypto'
import { cloneDatabase } from '#base/postgres'
import { openStore } from './open.ts'
import type { Store } from './store.ts'
import { storeDeps } from './store-deps.fixture.ts'
import { twoStores } from './two-stores.fixture.ts'

/** What every PostgreSQL must do with notifications, and with connections that break. */
export function describeNotifications(name: string, templateUrl: () => string): void {
  describe(`notifications on ${name}`, () => {
    test('every node gets the notifications of one, in order, and only on that channel', async () => {
      await using stores = await twoStores(templateUrl())
      const heard: Record<string, string[]> = { one: [], other: [], elsewhere: [] }
      stores.one.onNotify('conversation', (id) => heard['one']?.push(id))
      stores.other.onNotify('conversation', (id) => heard['other']?.push(id))
      stores.other.onNotify('functions', (id) => heard['elsewhere']?.push(id))
      const ids = Array.from({ length: 2_000 }, (_, index) => `conversation-${index}`)

      for (const id of ids) stores.one.notify('conversation', id)

      await vi.waitFor(() => expect(heard['other']).toHaveLength(ids.length), { timeout: 20_000 })
      await vi.waitFor(() => expect(heard['one']).toHaveLength(ids.length), { timeout: 20_000 })
      expect(heard).toEqual({ one: ids, other: ids, elsewhere: [] })
    })

    test('a node that lost its connection listens again and reads again', async () => {
      await using stores = await twoStores(templateUrl())
      const heard: string[] = []
      const resynced = Promise.withResolvers<void>()
      stores.other.onNotify('functions', (id) => heard.push(id))
      stores.other.onResync(() => resynced.resolve())

      await breakAllBut(stores.one)
      await resynced.promise

      stores.one.notify('functions', 'f1')
      await vi.waitFor(() => expect(heard).toContain('f1'), { timeout: 20_000 })
    })

    test('the only node tells the database nothing, until another one has come', async () => {
      await using stores = await twoStores(templateUrl())
      await stores.other[Symbol.asyncDispose]()
      await isAlone(stores.one)

      await using third = await openStore(storeDeps, { kind: 'given', url: stores.url })
      const heard: string[] = []
      third.onNotify('functions', (id) => heard.push(id))
      stores.one.notify('functions', 'f1')
      await expect.poll(() => heard).toEqual(['f1'])
      expect(await hasTriedToNotify(stores.one)).toBe(true)
    })

    test('a node of an earlier version, which does not ask to be notified, is found', async () => {
      await using stores = await twoStores(templateUrl())
      const { one, other, url } = stores
      await other[Symbol.asyncDispose]()
      await isAlone(one)
      const heard: string[] = []
      await using earlier = await listener(url, (payload) => heard.push(payload))

      await one.db.insertInto('node').values({ nodeId: earlier.nodeId, seenAt: NOW }).execute()
      await expect.poll(() => heard).toEqual([expect.stringMatching(/^\[\["missed","\d+"\]\]$/)])
      one.notify('functions', 'f1')
      await expect.poll(() => heard).toContain('[["functions","f1"]]')
    })

    test('a node that was alone and no longer answers keeps no other one from starting', async () => {
      await using database = await cloneDatabase(templateUrl())
      await using silent = await listener(database.url, () => undefined)
      await silent.query('select pg_advisory_lock(1347570766, 0)')

      await using store = await openStore(storeDeps, { kind: 'given', url: database.url })
      await expect(silent.query('select 1')).rejects.toThrow(/connection/i)
      await isAlone(store)
    })

    test('what the database refuses to carry makes every node read again', async () => {
      await using stores = await twoStores(templateUrl())
      const resynced = Promise.withResolvers<void>()
      const heard: string[] = []
      stores.other.onResync(() => resynced.resolve())
      stores.other.onNotify('functions', (id) => heard.push(id))

      // PostgreSQL takes fewer characters in one notification.
      stores.one.notify('functions', 'f'.repeat(9_000))
      await resynced.promise

      stores.one.notify('functions', 'f1')
      await vi.waitFor(() => expect(heard).toContain('f1'), { timeout: 20_000 })
    })

    test('for as long as the database refuses to notify, whatever the reason, a catch-up waits for the other nodes', async () => {
      await using stores = await twoStores(templateUrl())
      const { db } = stores.one
      const missed = Promise.withResolvers<number>()
      const heard: string[] = []
      stores.other.onResync(({ since }) => missed.resolve(since))
      stores.other.onNotify('functions', (id) => heard.push(id))
      await sql`alter function pg_notify(text, text) rename to pg_notify_no_more`.execute(db)

      const at = storeDeps.clock.now()
      stores.one.notify('functions', 'f1')
      await expect.poll(() => hasTriedToNotify(stores.one)).toBe(true)
      stores.one.notify('functions', 'f2')
      await sql`alter function pg_notify_no_more(text, text) rename to pg_notify`.execute(db)

      expect(await missed.promise).toBeLessThanOrEqual(at)
      stores.one.notify('functions', 'f3')
      await vi.waitFor(() => expect(heard).toContain('f3'), { timeout: 20_000 })
      expect(heard).not.toContain('f1')
    })

    test('commits and queries go on after all connections broke', async () => {
      await using stores = await twoStores(templateUrl())
      const commits = Array.from({ length: 300 }, (_, index) =>
        stores.one.commit({
          accountId: 'acme',
          documents: [{ kind: 'conversation', id: `c${index}`, readVersion: 0, state: {} }],
        }),
      )

      await breakAllBut(stores.other)
      const outcomes = await Promise.all(commits)

      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['applied']))
      expect(
        await stores.one.db.selectFrom('conversation').select('version').execute(),
      ).toHaveLength(300)
    })

    test('a connection that breaks between two queries fails that transaction, and nothing else', async () => {
      await using stores = await twoStores(templateUrl())

      const broken = stores.one.transaction(async (tx) => {
        await sql`select 1`.execute(tx)
        await breakAllBut(stores.other)
        await sql`select 1`.execute(tx)
      })

      await expect(broken).rejects.toMatchObject({ code: 'unavailable' })
      expect((await sql`select 1`.execute(stores.one.db)).rows).toHaveLength(1)
    })
  })
}

/** As PostgreSQL says it. */
const NOW = sql<Date>`clock_timestamp()`

/** A connection that hears what nodes tell each other. */
async function listener(url: string, hear: (payload: string) => void) {
  const client = new pg.Client(url)
  client.on('error', () => undefined)
  client.on('notification', ({ payload }) => hear(payload ?? ''))
  await client.connect()
  await client.query('listen parley')
  return {
    nodeId: randomUUID(),
    query: (text: string) => client.query(text),
    [Symbol.asyncDispose]: () => client.end(),
  }
}

/** Until the node hears what it says without telling the database. */
async function isAlone(store: Store): Promise<void> {
  const heard: string[] = []
  using _listening = store.onNotify('alone', (id) => heard.push(id))
  let said = 0
  const tells = async () => {
    said += 1
    store.notify('alone', String(said))
    await expect.poll(() => heard).toHaveLength(said)
    return await hasTriedToNotify(store)
  }
  await expect.poll(tells, { interval: 500 }).toBe(false)
}

/** The last statement of a connection that does nothing now. */
async function hasTriedToNotify({ db }: Store): Promise<boolean> {
  const { rows } = await sql`select from pg_stat_activity
    where datname = current_database() and state = 'idle' and query like 'select pg_notify%'`.execute(
    db,
  )
  return rows.length > 0
}

/** Ends every connection to the database but the one that is used for it. */
async function breakAllBut({ db }: Store): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(db)
}
