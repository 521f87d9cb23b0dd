import { sql } from 'kysely'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { messageOf } from '#base/kernel'
import { cloneDatabase } from '#base/postgres'
import { countWaiting, openDatabaseProxy, startTestServer } from '#testing'
import { openStore } from './open.ts'
import { storeDeps } from './store-deps.fixture.ts'
import { aFigure, aWrite } from './two-stores.fixture.ts'

/** Ways in which the database refuses new connections for a while, as it does during a restore. */
const REFUSALS = [
  {
    what: 'takes none',
    begin: (name: string) => `alter database ${name} allow_connections false`,
    end: (name: string) => `alter database ${name} allow_connections true`,
  },
  {
    what: 'has another name',
    begin: (name: string) => `alter database ${name} rename to ${name}_away`,
    end: (name: string) => `alter database ${name}_away rename to ${name}`,
  },
]

test.each(REFUSALS)(
  'a database that $what counts as away: it is 503, and what waits goes on when it is back',
  async ({ begin, end }) => {
    await using database = await cloneDatabase(inject('templateUrl'))
    const { logger, tries } = countingTries()
    await using store = await openStore(
      { ...storeDeps, logger },
      { kind: 'given', url: database.url },
    )
    await using operator = await besides(database.url)
    expect(await store.commit(aWrite('before', 0))).toMatchObject({ status: 'applied' })

    const { name } = operator
    await operator.query(`alter database ${name} allow_connections false`)
    await operator.query(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${name}'`,
    )
    await operator.query(begin(name))
    await expect.poll(() => store.isAnswering()).toBe(false)
    const commits = [store.commit(aWrite('c1', 0)), store.commit(aWrite('c2', 0))]
    const read = sql`select 1 as one`.execute(store.db)
    const settled = Promise.allSettled([...commits, read])
    await expect.poll(tries).toBeGreaterThan(4)

    await operator.query(end(name))
    await operator.query(`alter database ${name} allow_connections true`)
    expect(await settled).toMatchObject([
      { value: { status: 'applied' } },
      { value: { status: 'applied' } },
      { value: { rows: [{ one: 1 }] } },
    ])
    await expect.poll(() => store.isAnswering()).toBe(true)
  },
)

test('a batch whose answer was lost is applied once, also where the database refuses the connection that would tell', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  const proxy = await openDatabaseProxy(database.url)
  using _ = proxy
  const { logger, tries } = countingTries()
  await using store = await openStore({ ...storeDeps, logger }, { kind: 'given', url: proxy.url })
  await using beside = await openStore(storeDeps, { kind: 'given', url: database.url })
  await using operator = await besides(database.url)
  await store.commit(aWrite('held', 0))
  const waiting = () => countWaiting({ context: { store: beside } })

  const commits = await beside.db.transaction().execute(async (tx) => {
    await sql`select from conversation where conversation_id = 'held' for update`.execute(tx)
    const made = [
      store.commit({ accountId: 'acme', documents: [], figures: [aFigure] }),
      store.commit(aWrite('held', 1)),
    ]
    await expect.poll(waiting).toBe(1)
    await operator.query(`alter database ${operator.name} allow_connections false`)
    proxy.close()
    await proxy.open()
    return made
  })
  const settled = Promise.allSettled(commits)
  await expect.poll(tries).toBeGreaterThan(2)
  await operator.query(`alter database ${operator.name} allow_connections true`)

  expect(await settled).toMatchObject([
    { value: { status: 'applied' } },
    { value: { status: 'applied' } },
  ])
  const { rows } = await sql`select sum(count)::int as counted from figure_minute`.execute(
    beside.db,
  )
  expect(rows).toEqual([{ counted: 1 }])
})

test('a database that was read-only is written to again as soon as it takes changes', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  await using store = await openStore(storeDeps, { kind: 'given', url: database.url })
  await using operator = await besides(database.url)
  const { name } = operator
  const write = () => sql`delete from figure_minute`.execute(store.db)

  await operator.query(`alter database ${name} set default_transaction_read_only = on`)
  await operator.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${name}'`,
  )
  await expect.poll(() => write().catch(reasonOf)).toContain('read-only transaction')
  await operator.query(`alter database ${name} reset default_transaction_read_only`)

  await expect.poll(() => write().catch(reasonOf)).toMatchObject({ rows: [] })
  await expect.poll(() => store.commit(aWrite('after', 0))).toMatchObject({ status: 'applied' })
})

test('callers of a database that refuses connections are told neither where it is nor who signs in to it', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  await using server = await startTestServer({ databaseUrl: database.url })
  await using operator = await besides(database.url)
  const { name } = operator
  const { user: loginName, password } = server.agents[0]
  const path = `/api/v1/accounts/${server.accountId}/sessions`
  const logIn = () => server.request('POST', path, { body: { loginName, password } })

  await operator.query(`alter database ${name} allow_connections false`)
  await operator.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${name}'`,
  )
  const told: string[] = []
  await expect
    .poll(async () => {
      const { status, text } = await logIn()
      if (status === 503) told.push(text)
      return told.length
    })
    .toBeGreaterThan(0)
  expect(told.join()).toContain('The database cannot be reached')
  expect(told.join()).not.toContain(name)
  await operator.query(`alter database ${name} allow_connections true`)
})

/** What the database said, which callers are not told. */
function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? messageOf(thrown.cause) : ''
}

/** A logger by which it is known how often commits were sent in vain. */
function countingTries() {
  let tries = 0
  const logger = Object.assign(Object.create(storeDeps.logger) as typeof storeDeps.logger, {
    warn: (...said: unknown[]) => {
      if (said.at(-1) === 'A commit lost its connection') tries += 1
    },
  })
  return { logger, tries: () => tries }
}

/** A connection to another database of the same server. */
async function besides(url: string) {
  const address = new URL(url)
  const name = address.pathname.slice(1)
  address.pathname = '/template1'
  const client = new pg.Client(address.href)
  await client.connect()
  return {
    name,
    query: (text: string) => client.query(text),
    [Symbol.asyncDispose]: () => client.end(),
  }
}
