import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { cloneDatabase } from '#base/postgres'
import { openStore } from './open.ts'
import type { InvocationInsert } from './operations.ts'
import { defineProcedure, type Procedures, procedures } from './procedures/index.ts'
import type { Store } from './store.ts'
import { storeDeps } from './store-deps.fixture.ts'
import { aMessage, aWrite, twoStores } from './two-stores.fixture.ts'

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

    test('what the operations of a batch write stays apart, whatever their texts are', async () => {
      await using stores = await twoStores(templateUrl())
      const texts = ['', 'é', '"\\\"', '\u001e\u001f', '{}],[', '👋🏽', 'ab\n', '漢字'.repeat(900)]
      const recordOf = (index: number, text: string) => ({
        accountId: `account-${index}`,
        startedAt: new Date(0),
        recordId: randomUUID(),
        invocationId: 'i1',
        functionId: randomUUID(),
        version: 1,
        source: 'event',
        attempt: 1,
        durationMs: 1.5,
        outcome: 'SUCCEEDED',
        coldStart: false,
        commands: null,
        inputJson: JSON.stringify({ text }),
        // As it came out of a sandbox: half of a character at each end.
        resultJson: `\udc4b${text}\ud83d`,
      })

      await sql`create table invocation_then partition of invocation for values from (minvalue) to ('2000-01-01')`.execute(
        stores.one.db,
      )

      const outcomes = await Promise.all(
        Array.from({ length: 40 }, (_, index) => {
          const text = texts[index % texts.length] ?? ''
          const id = `c${index}`
          return stores.one.commit({
            accountId: `account-${index}`,
            documents: [{ kind: 'conversation', id, readVersion: 0, state: { text, id } }],
            messages: [{ ...aMessage(id, 1), body: { text, id } }],
            outbox: [{ consumer: 'bot', orderingKey: id, facts: { text, id } }],
            invocations: [recordOf(index, text) as unknown as InvocationInsert],
          })
        }),
      )

      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['applied']))
      const { rows } = await sql<{
        account: string
        state: unknown
        body: unknown
        facts: unknown
        input: string
        result: string
      }>`
        select c.account_id as account, c.state, m.body, o.facts, i.input_json as input, i.result_json as result
        from conversation c join message m using (account_id) join outbox o using (account_id) join invocation i using (account_id)`.execute(
        stores.one.db,
      )
      const expected = Array.from({ length: 40 }, (_, index) => {
        const text = texts[index % texts.length] ?? ''
        const written = { text, id: `c${index}` }
        return {
          account: `account-${index}`,
          state: written,
          body: written,
          facts: written,
          input: JSON.stringify({ text }),
          result: `\ufffd${text}\ufffd`,
        }
      })
      const byAccount = (one: { account: string }, other: { account: string }) =>
        one.account < other.account ? -1 : 1
      expect(rows.toSorted(byAccount)).toEqual(expected.toSorted(byAccount))
    })

    test('transactions that add rows of the same keys in other orders run once', async () => {
      await using stores = await twoStores(templateUrl())
      const { one, other } = stores
      const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const row = (orderingKey: string) => [{ consumer: 'bot', orderingKey, facts: {} }]
      let runs = 0
      const add = (store: Store, keys: [string, string], has: PromiseWithResolvers<void>) =>
        store.transaction(async (tx) => {
          runs += 1
          store.enqueue(tx, 'acme', row(keys[0]))
          await tx.selectFrom('outbox').select('id').execute()
          has.resolve()
          await Promise.all([first.promise, second.promise])
          store.enqueue(tx, 'acme', row(keys[1]))
        })

      await Promise.all([add(one, ['a', 'b'], first), add(other, ['b', 'a'], second)])

      expect(runs).toBe(2)
      const rows = await one.db
        .selectFrom('outbox')
        .select(['lane', 'head'])
        .orderBy('id')
        .execute()
      expect(rows.map(({ lane, head }) => `${lane} ${head}`).sort()).toEqual([
        'a false',
        'a true',
        'b false',
        'b true',
      ])
    })

    test('a row that comes after its transaction is refused, and not forgotten', async () => {
      await using stores = await twoStores(templateUrl())
      const { one, other } = stores
      const row = { consumer: 'bot', orderingKey: 'c', facts: {} }
      const tx = await one.transaction((going) => Promise.resolve(going))

      for (const late of [tx, one.db]) {
        expect(() => one.enqueue(late, 'acme', [row])).toThrow(
          /while a transaction of the store goes on/,
        )
      }
      await one.transaction(async (going) => {
        expect(() => other.enqueue(going, 'acme', [row])).toThrow(/of the store/)
        await Promise.resolve()
      })
      expect(await one.db.selectFrom('outbox').select('id').execute()).toEqual([])
    })
  })
}

/** The versions of the procedure that commits. */
async function installed({ db }: Store): Promise<string[]> {
  const { rows } = await sql<{ proname: string }>`
    select proname from pg_proc where proname like 'apply_operations%' order by proname`.execute(db)
  return rows.map(({ proname }) => proname)
}
