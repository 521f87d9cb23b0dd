import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { startTestServer } from '#testing'
import { up } from './131-recordings.ts'

const CASES = [
  [{ events: true, failures: true }, 'events'],
  [{ events: true, failures: false }, 'events'],
  [{ failures: false }, 'events'],
  [{ failures: true }, 'events'],
  [{ events: false }, 'errors'],
  [{ events: false, failures: true }, 'errors'],
  [{ events: false, failures: false }, 'off'],
] as const

test('what was recorded before is recorded under the policy that says the same', async () => {
  await using server = await startTestServer()
  const { db } = server.context.store
  const accounts = []
  for (const [recordings, policy] of CASES) {
    const account = await server.anotherAccount()
    accounts.push({ ...account, policy })
    const changed = JSON.stringify({ recordings, messaging: { ringMs: 61_000 } })
    await db
      .insertInto('accountSettings')
      .values({ accountId: account.accountId, changed, updatedAt: new Date(0) })
      .execute()
  }
  const untouched = await server.anotherAccount()
  // The state of before: the table that the migration makes is not there.
  await sql`drop table recording`.execute(db)

  await up(db as unknown as Parameters<typeof up>[0])

  // Other nodes of an upgrade say so, too: what is remembered is read again.
  server.context.store.resyncAll(0)
  for (const { accountId, adminBearer: bearer, policy } of [
    ...accounts,
    { ...untouched, policy: 'events' },
  ]) {
    const read = async () =>
      (await server.request('GET', `/api/v1/accounts/${accountId}/settings`, { bearer })).json<{
        recordings: object
        messaging: { ringMs: number }
      }>()
    await expect.poll(async () => (await read()).recordings).toMatchObject({ policy })
    const { recordings, messaging } = await read()
    expect(Object.keys(recordings)).not.toEqual(expect.arrayContaining(['failures']))
    expect(messaging.ringMs === 61_000).toBe(accountId !== untouched.accountId)
  }
})
