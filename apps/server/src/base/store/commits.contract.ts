import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { COMMIT_CONNECTIONS } from './group-commit.ts'
import { aFigure, aMessage, aWrite, twoStores } from './two-stores.fixture.ts'

/** What every PostgreSQL must do with commits. */
export function describeCommits(name: string, templateUrl: () => string): void {
  describe(`commits on ${name}`, () => {
    const aRow = { consumer: 'bot', orderingKey: 'c1', facts: { hello: 'there' } }

    test('an operation is applied only on the version that was read', async () => {
      await using stores = await twoStores(templateUrl())

      expect(await stores.one.commit(aWrite('c1', 0))).toEqual({ status: 'applied', outbox: [] })
      expect(await stores.other.commit(aWrite('c1', 0))).toEqual({ status: 'stale' })
      expect(await stores.other.commit(aWrite('c1', 1))).toEqual({ status: 'applied', outbox: [] })

      const states = await stores.one.db
        .selectFrom('conversation')
        .select(['version', 'state'])
        .execute()
      expect(states).toEqual([{ version: 2, state: { wrote: 2 } }])
    })

    test('of many nodes that decide on one version, exactly one wins', async () => {
      await using stores = await twoStores(templateUrl())
      await stores.one.commit(aWrite('c1', 0))

      const outcomes = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          (index % 2 ? stores.one : stores.other).commit(aWrite('c1', 1)),
        ),
      )

      expect(outcomes.filter(({ status }) => status === 'applied')).toHaveLength(1)
      expect(outcomes.filter(({ status }) => status === 'stale')).toHaveLength(39)
    })

    test('of two nodes that insert the same thing at once, the later one gets to know', async () => {
      await using stores = await twoStores(templateUrl())
      const { one, other } = stores
      await other.commit(aWrite('c1', 0))
      await one.commit(aWrite('c2', 0))
      const isWaiting = async () => {
        const { rows } = await sql`select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`.execute(one.db)
        return rows.length > 0
      }

      const outcomes = await one.db.transaction().execute(async (tx) => {
        await sql`insert into document (account_id, kind, id, version, state) values ('acme', 'agent', 'a1', 1, '{}')`.execute(
          tx,
        )
        await sql`insert into message (account_id, conversation_id, dialog_id, sequence, at, request_key, body)
          values ('acme', 'c2', 'c2', 1, now(), 'request-1', '{}')`.execute(tx)
        const later = [
          other.commit({
            accountId: 'acme',
            documents: [{ kind: 'agent', id: 'a1', readVersion: 0, state: {} }],
          }),
          one.commit(aWrite('c1', 1, { messages: [aMessage('c1', 1, 'request-1')] })),
        ]
        await expect.poll(isWaiting).toBe(true)
        return later
      })

      expect(await Promise.all(outcomes)).toEqual([
        { status: 'stale' },
        { status: 'duplicate', requestKey: 'request-1' },
      ])
    })

    test('a row that goes on as one of another consumer lets the next one go on, once', async () => {
      await using stores = await twoStores(templateUrl())
      const { one, other } = stores
      const inserted = await one.commit({ accountId: 'acme', documents: [], outbox: [aRow, aRow] })
      const [first = 0, second] =
        inserted.status === 'applied' ? inserted.outbox.map(({ id }) => id) : []
      const handover = (store: typeof one) =>
        store.commit({
          ...aWrite('c1', 0),
          completesRow: {
            outboxId: first,
            takeNext: true,
            consumer: 'bot',
            goesOnAs: { consumer: 'late', orderingKey: 'c1', mark: { late: true } },
          },
        })

      expect(await handover(one)).toMatchObject({ status: 'applied', next: { id: second } })
      expect(await handover(other)).toEqual({ status: 'stale' })
      const end = { accountId: 'acme', documents: [] }
      const completesRow = { outboxId: first, consumer: 'bot' }
      expect(await other.commit({ ...end, completesRow })).toEqual({ status: 'gone' })
      const rows = () =>
        one.db
          .selectFrom('outbox')
          .select(['id', 'consumer', 'facts', 'head'])
          .orderBy('id')
          .execute()
      expect(await rows()).toEqual([
        { id: first, consumer: 'late', facts: { hello: 'there', late: true }, head: true },
        { id: second, consumer: 'bot', facts: { hello: 'there' }, head: true },
      ])
      const late = { outboxId: first, consumer: 'late' }
      expect(await other.commit({ ...end, completesRow: late })).toMatchObject({
        status: 'applied',
      })
      expect(await rows()).toHaveLength(1)
    })

    test('a stale document keeps everything else of its operation from being applied', async () => {
      await using stores = await twoStores(templateUrl())
      const { db } = stores.one
      await stores.one.commit(aWrite('c1', 0))
      const operation = aWrite('c1', 1, {
        messages: [aMessage('c1', 1)],
        outbox: [aRow],
        arm: [{ kind: 'idle', key: 'c1', dueAt: 1, facts: {} }],
      })
      operation.documents.push({ kind: 'agent', id: 'a1', readVersion: 7, state: null })

      expect(await stores.one.commit(operation)).toEqual({ status: 'stale' })

      for (const table of ['message', 'outbox', 'timer', 'document'] as const) {
        expect(await db.selectFrom(table).selectAll().execute()).toEqual([])
      }
      expect(await db.selectFrom('conversation').select('version').execute()).toEqual([
        { version: 1 },
      ])
    })

    test('changing a document writes to no index, whatever documents are listed by', async () => {
      await using stores = await twoStores(templateUrl())
      const { one, other } = stores
      for (let readVersion = 0; readVersion <= 100; readVersion += 1) {
        const state = { wrote: readVersion + 1 }
        const documents = [{ kind: 'agent', id: 'a1', readVersion, state }]
        await one.commit({ accountId: 'acme', documents })
      }
      // A connection reports its statistics when it ends.
      await one[Symbol.asyncDispose]()
      const updates = async () => {
        const { rows } = await sql<{ all: number; hot: number }>`
          select n_tup_upd as all, n_tup_hot_upd as hot from pg_stat_user_tables where relname = 'document'`.execute(
          other.db,
        )
        return rows[0] ?? { all: 0, hot: 0 }
      }
      await expect.poll(async () => (await updates()).all).toBe(100)
      expect((await updates()).hot).toBeGreaterThan(90)
    })

    test('what happened is counted by the minute, only with what it belongs to', async () => {
      await using stores = await twoStores(templateUrl())
      const { one, other } = stores
      const figures = [aFigure, { ...aFigure, at: aFigure.at + 1, agentId: 'a1', value: 7 }]

      const outcomes = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          (index % 2 ? one : other).commit(aWrite(`f${index % 20}`, 0, { figures })),
        ),
      )

      expect(outcomes.filter(({ status }) => status === 'applied')).toHaveLength(20)
      const { rows } = await sql`
        select agent_id, measure, minute, sum(count)::int as count, sum(total)::int as total
        from figure_minute group by 1, 2, 3 order by 1`.execute(one.db)
      const counted = { measure: 'opened', minute: new Date(1_699_999_980_000), count: 20 }
      expect(rows).toEqual([
        { ...counted, agentId: '', total: 20 },
        { ...counted, agentId: 'a1', total: 140 },
      ])
    })

    test('no two connections of a node count in the same rows, so that none waits for the commit of another', async () => {
      await using stores = await twoStores(templateUrl())
      const { one } = stores

      // More than two batches hold.
      await Promise.all(
        Array.from({ length: 400 }, (_, index) =>
          one.commit(aWrite(`f${index}`, 0, { figures: [aFigure] })),
        ),
      )

      const { rows } = await sql<{ used: number; strands: number }>`
        select (select count(*) from commit_lane where batch > 0)::int as used,
          (select count(distinct strand) from figure_minute)::int as strands`.execute(one.db)
      expect(rows).toEqual([{ used: COMMIT_CONNECTIONS, strands: COMMIT_CONNECTIONS }])
    })

    test('a document that is only checked is neither made nor changed', async () => {
      await using stores = await twoStores(templateUrl())
      const check = (readVersion: number) => ({
        accountId: 'acme',
        documents: [{ kind: 'agent', id: 'a1', readVersion, state: null }],
      })

      expect(await stores.one.commit(check(0))).toMatchObject({ status: 'applied' })
      expect(await stores.one.commit(check(1))).toEqual({ status: 'stale' })
      expect(await stores.one.db.selectFrom('document').selectAll().execute()).toEqual([])
    })

    test('of operations that leave together each is judged by the version that it has read', async () => {
      await using stores = await twoStores(templateUrl())
      const check = (readVersion: number) =>
        stores.one.commit({
          accountId: 'acme',
          documents: [
            { kind: 'agent', id: 'a1', readVersion, state: null },
            { kind: 'agent', id: 'a2', readVersion: 0, state: null },
          ],
        })

      const outcomes = await Promise.all(Array.from({ length: 30 }, (_, index) => check(index % 3)))

      expect(outcomes.map(({ status }) => status)).toEqual(
        outcomes.map((_, index) => (index % 3 === 0 ? 'applied' : 'stale')),
      )
    })

    test('of two that finish one outbox row, only the first has an effect', async () => {
      await using stores = await twoStores(templateUrl())
      const first = await stores.one.commit(aWrite('c1', 0, { outbox: [aRow] }))
      const id = first.status === 'applied' ? first.outbox[0]?.id : undefined
      const finish = (conversation: string) =>
        aWrite(conversation, 0, {
          completesRow: { outboxId: id ?? 0 },
          messages: [aMessage(conversation, 1)],
        })

      const outcomes = await Promise.all([
        stores.one.commit(finish('by-one')),
        stores.other.commit(finish('by-other')),
      ])

      expect(outcomes.map(({ status }) => status).sort()).toEqual(['applied', 'gone'])
      expect(await stores.one.db.selectFrom('message').selectAll().execute()).toHaveLength(1)
      expect(await stores.one.db.selectFrom('outbox').selectAll().execute()).toEqual([])
    })

    test('a timer fires only in the generation that was read', async () => {
      await using stores = await twoStores(templateUrl())
      const arm = { kind: 'idle', key: 'c1', dueAt: 1_700_000_000_000, facts: {} }
      const generation = async () =>
        (await stores.one.db.selectFrom('timer').select('generation').executeTakeFirstOrThrow())
          .generation
      await stores.one.commit(aWrite('c1', 0, { arm: [arm] }))
      const old = await generation()
      await stores.other.commit(aWrite('c1', 1, { arm: [{ ...arm, dueAt: 1_800_000_000_000 }] }))

      const fire = (at: number) =>
        stores.one.commit({
          accountId: 'acme',
          documents: [],
          completesTimer: { ...arm, generation: at },
        })

      expect(await fire(old)).toEqual({ status: 'gone' })
      expect(await fire(await generation())).toMatchObject({ status: 'applied' })
      expect(await fire(old)).toEqual({ status: 'gone' })
    })

    test('a request that is sent again stores its message once', async () => {
      await using stores = await twoStores(templateUrl())
      await stores.one.commit(aWrite('c1', 0, { messages: [aMessage('c1', 1, 'request-1')] }))

      const again = await stores.other.commit(
        aWrite('c1', 1, { messages: [aMessage('c1', 2), aMessage('c1', 3, 'request-1')] }),
      )

      expect(again).toEqual({ status: 'duplicate', requestKey: 'request-1' })
      const stored = await stores.one.db.selectFrom('message').select(['sequence', 'at']).execute()
      expect(stored).toEqual([{ sequence: 1, at: new Date(1_700_000_000_123) }])
    })

    test('an operation that cannot be stored fails alone and says why', async () => {
      await using stores = await twoStores(templateUrl())
      const poison = aWrite('poison', 0, {
        messages: [{ ...aMessage('poison', 1), body: { text: 'a\0b' } }],
      })
      const halved = aWrite('half', 0, {
        messages: [{ ...aMessage('half', 1), body: { text: '\ud83d' } }],
      })

      const outcomes = await Promise.allSettled([
        ...Array.from({ length: 20 }, (_, index) => stores.one.commit(aWrite(`c${index}`, 0))),
        stores.one.commit(poison),
        stores.one.commit(halved),
        ...Array.from({ length: 20 }, (_, index) => stores.one.commit(aWrite(`d${index}`, 0))),
      ])

      const refused = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [outcome.reason] : [],
      )
      expect(refused).toHaveLength(2)
      for (const reason of refused) {
        expect(reason).toMatchObject({
          code: 'invalid_request',
          message: expect.stringContaining('U+0000'),
        })
      }
      expect(
        await stores.one.db.selectFrom('conversation').select('version').execute(),
      ).toHaveLength(40)
    })

    test('operations that lock the same documents in other orders all come through', async () => {
      await using stores = await twoStores(templateUrl())
      const ids = ['a', 'b', 'c', 'd', 'e']
      const touchAll = (order: string[]) => ({
        accountId: 'acme',
        documents: order.map((id) => ({ kind: 'agent', id, readVersion: 0, state: null })),
        outbox: order.map((orderingKey) => ({ consumer: 'bot', orderingKey, facts: {} })),
      })

      const outcomes = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          (index % 2 ? stores.one : stores.other).commit(
            touchAll(index % 3 ? ids : ids.toReversed()),
          ),
        ),
      )

      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['applied']))
      const heads = await stores.one.db
        .selectFrom('outbox')
        .select('lane')
        .where('head', '=', true)
        .execute()
      expect(heads.map(({ lane }) => lane).sort()).toEqual(ids)
    })

    test('accounts do not see each other', async () => {
      await using stores = await twoStores(templateUrl())
      await stores.one.commit(aWrite('c1', 0))

      expect(await stores.one.commit({ ...aWrite('c1', 0), accountId: 'other' })).toMatchObject({
        status: 'applied',
      })
      expect(await stores.one.commit({ ...aWrite('c1', 1), accountId: 'third' })).toEqual({
        status: 'stale',
      })
    })
  })
}
