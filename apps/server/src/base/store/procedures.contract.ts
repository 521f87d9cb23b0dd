import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { cloneDatabase } from '#base/postgres'
import { openStore } from './open.ts'
import { defineProcedure, type Procedures, procedures } from './procedures/index.ts'
import type { Store } from './store.ts'
import { storeDeps } from './store-deps.fixture.ts'
import { aWrite, twoStores } from './two-stores.fixture.ts'

/** As in a version of Parley that has another text for committing. */
const changed: Procedures = {
  ...procedures,
  applyOperations: defineProcedure(
    'apply_operations',
    procedures.applyOperations.definition.replace('begin', 'begin\n  -- Another version.'),
  ),
}
const own = procedures.applyOperations.name
const others = changed.applyOperations.name

/** What every PostgreSQL must do with stored procedures. */
export function describeProcedures(name: string, templateUrl: () => string): void {
  describe(`stored procedures on ${name}`, () => {
    test('nodes of two versions commit side by side, each by its own procedure', async () => {
      await using database = await cloneDatabase(templateUrl())
      const settings = { kind: 'given' as const, url: database.url }
      await using old = await openStore(storeDeps, settings, changed)
      await using current = await openStore(storeDeps, settings)

      const row = { consumer: 'bot', orderingKey: 'c', facts: {} }
      const outcomes = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          (index % 2 ? old : current).commit(aWrite(`c${index}`, 0, { outbox: [row] })),
        ),
      )

      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['applied']))
      const heads = await old.db
        .selectFrom('outbox')
        .select('id')
        .where('head', '=', true)
        .execute()
      expect(heads).toHaveLength(1)
      expect(await installed(current)).toEqual([own, others].sort())
    })

    test('many nodes of a new version may start at once', async () => {
      await using database = await cloneDatabase(templateUrl())
      const settings = { kind: 'given' as const, url: database.url }
      await using opened = new AsyncDisposableStack()
      const stores = await Promise.all(
        Array.from({ length: 6 }, () => openStore(storeDeps, settings, changed)),
      )
      for (const store of stores) opened.use(store)

      const outcomes = await Promise.all(
        stores.map((store, index) => store.commit(aWrite(`c${index}`, 0))),
      )

      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['applied']))
    })

    test('the procedure of a node that has ended is removed when the next one starts', async () => {
      await using stores = await twoStores(templateUrl())
      const settings = { kind: 'given' as const, url: stores.url }
      const old = await openStore(storeDeps, settings, changed)
      await using _living = await openStore(storeDeps, settings)
      expect(await installed(stores.one)).toEqual([own, others].sort())

      await old[Symbol.asyncDispose]()
      await using _next = await openStore(storeDeps, settings)

      expect(await installed(stores.one)).toEqual([own])
      expect(await stores.one.commit(aWrite('c1', 0))).toMatchObject({ status: 'applied' })
    })

    test('a node that was silent for a day installs its removed procedures again, and goes on', async () => {
      await using stores = await twoStores(templateUrl())
      const settings = { kind: 'given' as const, url: stores.url }
      await using slow = await openStore(storeDeps, settings, changed)
      // Its connections have prepared the procedure.
      await Promise.all(['a', 'b', 'c'].map((id) => slow.commit(aWrite(id, 0))))
      await sql`update procedure_use set seen_at = seen_at - interval '2 days' where node_id = ${slow.nodeId}`.execute(
        stores.one.db,
      )
      await using _next = await openStore(storeDeps, settings)
      expect(await installed(stores.one)).toEqual([own])

      const outcomes = await Promise.all(['a', 'b', 'c'].map((id) => slow.commit(aWrite(id, 1))))

      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['applied']))
      expect(await installed(stores.one)).toEqual([own, others].sort())
    })
  })
}

/** The versions of the procedure that commits. */
async function installed({ db }: Store): Promise<string[]> {
  const { rows } = await sql<{ proname: string }>`
    select proname from pg_proc where proname like 'apply_operations%' order by proname`.execute(db)
  return rows.map(({ proname }) => proname)
}
