import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, inject, test } from 'vitest'
import { cloneDatabase } from '#base/postgres'
import { openStore } from './open.ts'
import { storeDeps } from './store-deps.fixture.ts'
import { aMessage, aWrite } from './two-stores.fixture.ts'

test('behind a large batch commits gather for ten milliseconds, and leave as one', async () => {
  await using gathering = await openGathering()
  const { store, batches, sleeping } = gathering
  const ids = ['c1', 'c2', 'c3', 'c4', 'c5']
  await Promise.all(ids.map((id) => store.commit(aWrite(id, 0))))
  const before = await batches()

  const large = await store.db.transaction().execute(async (tx) => {
    await sql`select from conversation where conversation_id = 'c1' for update`.execute(tx)
    const waitsForLock = ids.map((id) => store.commit(aWrite(id, 1)))
    const later: Promise<unknown>[] = []
    for (const id of ['c6', 'c7', 'c8']) {
      await setImmediate()
      later.push(store.commit(aWrite(id, 0)))
    }
    await setImmediate()
    const asleep = sleeping.filter(({ ms }) => ms === 10)
    expect(asleep).toHaveLength(1)
    asleep[0]?.wake()
    for (const outcome of await Promise.all(later)) {
      expect(outcome).toMatchObject({ status: 'applied' })
    }
    expect((await batches()) - before).toBe(1)
    return waitsForLock
  })
  for (const outcome of await Promise.all(large)) {
    expect(outcome).toMatchObject({ status: 'applied' })
  }
})

test('while much comes, commits of one turn of the process leave together, and so many behind them at once', async () => {
  await using gathering = await openGathering()
  const { store, batches } = gathering
  const ids = Array.from({ length: 24 }, (_, number) => `c${number}`)
  await Promise.all(ids.slice(0, 8).map((id) => store.commit(aWrite(id, 0))))
  const before = await batches()

  const pair = await store.db.transaction().execute(async (tx) => {
    await sql`select from conversation where conversation_id = 'c0' for update`.execute(tx)
    const first = store.commit(aWrite('c0', 1))
    await Promise.resolve()
    const second = store.commit(aWrite('c1', 1))
    await setImmediate()
    const many = ids.map((id) => store.commit(aWrite(`${id}-behind`, 0)))
    for (const outcome of await Promise.all(many)) {
      expect(outcome).toMatchObject({ status: 'applied' })
    }
    expect((await batches()) - before).toBe(1)
    return [first, second]
  })
  for (const outcome of await Promise.all(pair)) {
    expect(outcome).toMatchObject({ status: 'applied' })
  }
  expect((await batches()) - before).toBe(2)
})

test('a commit for which nobody waits leaves with the next one, or after a moment', async () => {
  await using gathering = await openGathering()
  const { store, batches, sleeping } = gathering
  const patient = store.commit(aWrite('c1', 0, { canWait: true }))
  await setImmediate()
  expect(await batches()).toBe(0)
  await store.commit(aWrite('c2', 0))
  expect(await patient).toMatchObject({ status: 'applied' })
  expect(await batches()).toBe(1)

  const alone = store.commit(aWrite('c1', 1, { canWait: true }))
  for (const { wake } of sleeping.filter(({ ms }) => ms === 5)) wake()
  expect(await alone).toMatchObject({ status: 'applied' })
})

test('messages that are there already keep nothing of what leaves with them, and roll one batch back, not each', async () => {
  await using gathering = await openGathering()
  const { store } = gathering
  await store.commit(aWrite('c1', 0, { messages: [aMessage('c1', 1, 'request-1')] }))
  // A number that is taken from a sequence stays taken, also when the batch is rolled back.
  await sql`create sequence tried`.execute(store.db)
  await sql`create function count_try() returns trigger language plpgsql as
    'begin perform nextval(''tried''); return null; end'`.execute(store.db)
  await sql`create trigger count_try before insert on message
    for each statement execute function count_try()`.execute(store.db)

  for (let round = 1; round <= 20; round += 1) {
    const again = aWrite('c1', 1, { messages: [aMessage('c1', 2, 'request-1')] })
    const other = aWrite(`c2-${round}`, 0, { messages: [aMessage('c2', round, `r-${round}`)] })
    expect(await Promise.all([again, other].map((write) => store.commit(write)))).toEqual([
      { status: 'duplicate', requestKey: 'request-1' },
      { status: 'applied', outbox: [] },
    ])
  }

  const { rows } = await sql<{ tries: number }>`
    select last_value::int as tries from tried`.execute(store.db)
  expect(rows[0]?.tries).toBe(20 + 1)
})

test('of two messages with one request key that leave together one is stored', async () => {
  await using gathering = await openGathering()
  const { store } = gathering
  const writes = ['c1', 'c2'].map((id) =>
    aWrite(id, 0, { messages: [aMessage(id, 1, 'request-1')] }),
  )

  expect(await Promise.all(writes.map((write) => store.commit(write)))).toEqual([
    { status: 'applied', outbox: [] },
    { status: 'duplicate', requestKey: 'request-1' },
  ])
  expect(await store.db.selectFrom('message').selectAll().execute()).toHaveLength(1)
})

/** A store that sleeps until it is woken, and how many batches it has sent. */
async function openGathering() {
  await using opened = new AsyncDisposableStack()
  const database = opened.use(await cloneDatabase(inject('templateUrl')))
  const sleeping: { ms: number; wake: () => void }[] = []
  const sleep = (ms: number) => new Promise<void>((wake) => sleeping.push({ ms, wake }))
  const deps = { ...storeDeps, monotonic: { ...storeDeps.monotonic, sleep } }
  const store = opened.use(await openStore(deps, { kind: 'given', url: database.url }))
  const batches = async () => {
    const { rows } = await sql<{ sent: number }>`
      select coalesce(sum(batch), 0)::int as sent from commit_lane`.execute(store.db)
    return rows[0]?.sent ?? 0
  }
  const resources = opened.move()
  return { store, batches, sleeping, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}
