import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { startTestServer } from '#testing'
import { lockAccount } from './lock-account.ts'

test('a lock on an account that somebody has forgotten delays who compares what the account has, and nobody else', async () => {
  await using server = await startTestServer({ clock: 'system' })
  const { accountId, adminBearer: bearer, agents } = server
  const { store } = server.context
  const ask = (method: string, path: string, body: object) =>
    server.request(method, `/api/v1/accounts/${accountId}/${path}`, { bearer, body })
  const locked = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const forgetful = store.transaction(async (tx) => {
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx)
    await lockAccount(tx, accountId)
    locked.resolve()
    await release.promise
  })
  await locked.promise

  const [agent] = agents
  const [settings, skill, session] = await Promise.all([
    ask('PATCH', 'settings', { retention: { logDays: 20 } }),
    ask('POST', 'skills', { name: 'Returns', skillId: '7001' }),
    ask('POST', 'sessions', { loginName: agent?.user, password: agent?.password }),
  ])
  release.resolve()
  await forgetful

  expect([settings.status, skill.status, session.status]).toEqual([503, 201, 201])
})
