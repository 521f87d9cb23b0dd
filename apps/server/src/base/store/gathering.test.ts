import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, inject, test } from 'vitest'
import { cloneDatabase } from '#base/postgres'
import { openStore } from './open.ts'
import { storeDeps } from './store-deps.fixture.ts'
import { aWrite } from './two-stores.fixture.ts'

test('behind a large batch commits gather for ten milliseconds, and leave as one', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  const sleeping: { ms: number; wake: () => void }[] = []
  const monotonic = {
    ...storeDeps.monotonic,
    sleep: (ms: number) => new Promise<void>((wake) => sleeping.push({ ms, wake })),
  }
  const settings = { kind: 'given', url: database.url } as const
  await using store = await openStore({ ...storeDeps, monotonic }, settings)
  const batches = async () => {
    const { rows } = await sql<{ sent: number }>`
      select coalesce(sum(batch), 0)::int as sent from commit_lane`.execute(store.db)
    return rows[0]?.sent ?? 0
  }
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
    const gathering = sleeping.filter(({ ms }) => ms === 10)
    expect(gathering).toHaveLength(1)
    gathering[0]?.wake()
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
