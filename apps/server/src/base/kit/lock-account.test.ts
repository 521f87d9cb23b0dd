import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { startTestServer } from '#testing'
import { lockAccount } from './lock-account.ts'

/** More than a node has connections for. */
const MANY = 30

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
  let refused = 0
  const changes = Array.from({ length: MANY }, async () => {
    const { status } = await ask('PATCH', 'settings', { retention: { logDays: 20 } })
    if (status === 503) refused += 1
  })
  const [skill, session] = await Promise.all([
    ask('POST', 'skills', { name: 'Returns', skillId: '7001' }),
    ask('POST', 'sessions', { loginName: agent?.user, password: agent?.password }),
  ])
  expect([skill.status, session.status, refused]).toEqual([201, 201, 0])
  await Promise.all(changes)
  expect(refused).toBe(MANY)
  release.resolve()
  await forgetful
})

test('changes of one account at the same moment are all made, one after the other', async () => {
  await using server = await startTestServer({ clock: 'system' })
  const { accountId, adminBearer: bearer } = server
  const path = `/api/v1/accounts/${accountId}/settings`
  const changes = Array.from({ length: MANY }, (_unused, nth) =>
    server.request('PATCH', path, { bearer, body: { retention: { logDays: 1 + nth } } }),
  )
  for (const { status } of await Promise.all(changes)) expect(status).toBe(200)
})
