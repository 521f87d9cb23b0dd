import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { lambdasOf, startTestServer } from '#testing'
import { lockFunction } from './repository.ts'

test('a lock on a function that somebody has forgotten delays who changes it, and nobody who only refers to it', async () => {
  await using server = await startTestServer({ clock: 'system' })
  const account = lambdasOf(server)
  const functionId = await account.deployed('const lambda = () => 1')
  const locked = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const forgetful = server.context.store.transaction(async (tx) => {
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx)
    await lockFunction(tx, server.accountId, functionId)
    locked.resolve()
    await release.promise
  })
  await locked.promise

  const path = `/functions/${functionId}`
  const [changed, saved] = await Promise.all([
    account.native('PATCH', path, { description: 'Another one' }),
    account.native('POST', `${path}/payloads`, { name: 'one', payload: {} }),
  ])
  release.resolve()
  await forgetful

  expect([changed.status, saved.status]).toEqual([503, 201])
})
