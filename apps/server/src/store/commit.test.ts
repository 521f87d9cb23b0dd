import { inject, expect, test } from 'vitest'
import { openLogger, randomIds, systemClock, systemMonotonic } from '#kernel'
import { cloneDatabase, openStore } from '#store'

test('an operation on a document is applied once', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  await using store = await openStore(
    {
      logger: openLogger('warn'),
      clock: systemClock(),
      monotonic: systemMonotonic(),
      ids: randomIds(),
    },
    { kind: 'given', url: database.url },
  )
  const write = {
    accountId: 'a',
    documents: [{ kind: 'conversation', id: 'c', readVersion: 0, state: { n: 1 } }],
    outbox: [{ consumer: 'x', lane: 'l', facts: { a: 1 } }],
  }
  expect(await store.commit(write)).toMatchObject({ status: 'applied' })
  expect(await store.commit(write)).toEqual({ status: 'stale' })
  expect(await store.db.selectFrom('conversation').selectAll().execute()).toEqual([
    { accountId: 'a', conversationId: 'c', version: 1, state: { n: 1 } },
  ])
})
