import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { startTestServer } from '#testing'
import { up } from './156-errors-of-deleted-bots.ts'

test('errors that were stored after their bot was deleted go', async () => {
  await using server = await startTestServer()
  const { accountId } = server
  const { db } = server.context.store
  await sql`alter table bot_error drop constraint bot_error_account_id_bot_id_fkey`.execute(db)
  const row = { accountId, name: 'failed', reason: null, at: new Date() }
  await db
    .insertInto('botError')
    .values({ ...row, botId: 'gone', errorId: crypto.randomUUID(), conversationId: 'late' })
    .execute()

  await db.transaction().execute((tx) => up(tx as unknown as Parameters<typeof up>[0]))

  expect(await db.selectFrom('botError').selectAll().execute()).toEqual([])
})
