import type { Kysely } from 'kysely'
import { expect, inject, test } from 'vitest'
import { up } from './migrations/082-message-changes.ts'
import { twoStores } from './two-stores.fixture.ts'

test('rows of version 0.1.0 that carry a change of the kind "line" carry a "message" afterwards', async () => {
  await using stores = await twoStores(inject('templateUrl'))
  const { db } = stores.one
  const facts = {
    change: { kind: 'line', sequence: 3 },
    causedBy: { outboxId: 1, changeKind: 'line' },
  }
  const other = { change: { kind: 'closed' }, text: 'line' }
  const row = { accountId: 'acme', consumer: 'controller-bot', laneHash: 1, runAt: new Date() }
  const rows = [
    { ...row, lane: 'a', head: true, facts, createdAt: new Date() },
    { ...row, lane: 'b', head: true, facts: other, createdAt: new Date() },
  ]
  await db.insertInto('outbox').values(rows).execute()
  const dead = { source: 'outbox' as const, name: 'survey-bot', attempts: 4, cause: 'no' }
  const times = { firstAttemptAt: new Date(), deadAt: new Date() }
  await db
    .insertInto('deadLetter')
    .values({ accountId: 'acme', lane: 'a', facts, ...dead, ...times })
    .execute()

  await up(db as unknown as Kysely<unknown>)

  const changed = {
    change: { kind: 'message', sequence: 3 },
    causedBy: { outboxId: 1, changeKind: 'message' },
  }
  const kept = await db.selectFrom('outbox').select('facts').orderBy('lane').execute()
  expect(kept.map((found) => found.facts)).toEqual([changed, other])
  const letters = await db.selectFrom('deadLetter').select('facts').execute()
  expect(letters.map((found) => found.facts)).toEqual([changed])
})
