import type { OperatorEntry } from '@parley/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, startDoomedNode, startTestServer, type TestServer } from '#testing'
import { fill, PASSWORD, tablesWithAccounts } from './filled-account.fixture.ts'
import { asOperator, WITH_OPERATOR } from './operator.fixture.ts'

const MINUTE_MS = 60_000

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2, env: WITH_OPERATOR })
})
afterAll(() => server[Symbol.asyncDispose]())

function operator(of: TestServer = server) {
  const ask = asOperator(of)
  return {
    ask,
    suspend: (accountId: string) => ask('PUT', `accounts/${accountId}/suspension`, {}),
    end: (accountId: string, confirm = accountId) =>
      ask('POST', `accounts/${accountId}/end`, { confirm }),
    state: async (accountId: string) => {
      const listed = (await ask('GET', 'accounts?limit=500')).json<{
        accounts: { accountId: string; state: string }[]
      }>()
      return listed.accounts.find((one) => one.accountId === accountId)?.state
    },
  }
}

/** How many rows each table has of an account, beside what the operator noted. */
async function rowsOf(of: TestServer, accountId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of await tablesWithAccounts(of)) {
    if (table === 'operator_entry') continue
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.id(table)} where account_id = ${accountId}`.execute(
      of.context.store.db,
    )
    if (rows[0]?.count) counts[table] = rows[0].count
  }
  return counts
}

test('an account is ended only when it is suspended, with its id once more, and there is no way back', async () => {
  const { accountId } = await server.anotherAccount()
  const { ask, suspend, end, state } = operator()
  expect((await end('no_such')).status).toBe(404)
  const active = await end(accountId)
  expect([active.status, active.text]).toEqual([409, expect.stringContaining('suspend it first')])
  await suspend(accountId)
  const unsure = await end(accountId, 'another')
  expect([unsure.status, unsure.text]).toEqual([400, expect.stringContaining('confirm')])
  expect(await state(accountId)).toBe('suspended')

  const ending = await end(accountId)
  expect([ending.status, ending.json()]).toEqual([
    202,
    expect.objectContaining({ accountId, state: 'ending' }),
  ])
  expect((await end(accountId)).status).toBe(202)
  expect((await ask('DELETE', `accounts/${accountId}/suspension`)).status).toBe(409)
  const draft = { accountId, admin: { loginName: 'ada', password: PASSWORD } }
  expect((await ask('POST', 'accounts', draft)).status).toBe(409)
})

test('the last account of a server stays, of two that are ended at once, too', async () => {
  await using small = await startTestServer({ env: WITH_OPERATOR })
  const { accountId } = small
  const { suspend, end } = operator(small)
  await suspend(accountId)
  const only = await end(accountId)
  expect([only.status, only.text]).toEqual([409, expect.stringContaining('the only account')])

  const other = (await small.anotherAccount()).accountId
  await suspend(other)
  const both = await Promise.all([end(accountId), end(other)])
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409])
})

test('every row of an ended account is deleted, and none of another one; its id is free then', async () => {
  const [mine, other] = [await anotherScene(server), await anotherScene(server)]
  await fill(mine)
  await fill(other)
  await Promise.all(server.contexts.map(({ records }) => records.writer.flush()))
  const { ask, suspend, end, state } = operator()
  await suspend(mine.accountId)
  // Timers of the other account go on.
  const ofOther = async () => ({ ...(await rowsOf(server, other.accountId)), timer: 0 })
  const before = await ofOther()
  expect(Object.keys(before).length).toBeGreaterThan(20)
  await end(mine.accountId)
  expect(await state(mine.accountId)).toBe('ending')

  await server.clock.advance(10 * MINUTE_MS)

  expect(await rowsOf(server, mine.accountId)).toEqual({})
  expect(await ofOther()).toEqual(before)
  expect(await state(mine.accountId)).toBeUndefined()
  const noted = await ask('GET', `entries?accountId=${mine.accountId}`)
  expect(noted.json<{ entries: OperatorEntry[] }>().entries.map(({ action }) => action)).toEqual([
    'account.ended',
    'account.ending',
    'account.suspended',
  ])
  // Who had a token of it is a stranger to the new one.
  const { accountId } = mine
  const draft = { accountId, admin: { loginName: 'ada', password: PASSWORD } }
  expect((await ask('POST', 'accounts', draft)).status).toBe(201)
  for (const url of server.urls) {
    const headers = { authorization: `Bearer ${mine.adminBearer}` }
    const asked = await fetch(`${url}/api/v1/accounts/${accountId}/functions`, { headers })
    expect(asked.status).toBe(401)
  }
})

test('a node that is killed while it deletes leaves the rest to others', async () => {
  await using real = await startTestServer({ clock: 'system', env: WITH_OPERATOR })
  const scene = await anotherScene(real)
  const { db } = real.context.store
  // Timers are left to the node that dies.
  await real.context.delivery.drain(0)
  await using doomed = await startDoomedNode(real)
  const { suspend, end } = operator(real)
  await suspend(scene.accountId)
  const hourAgo = new Date(Date.now() - 60 * MINUTE_MS)
  await db
    .updateTable('account')
    .set({ suspendedAt: hourAgo })
    .where('accountId', '=', scene.accountId)
    .execute()
  const before = await rowsOf(real, scene.accountId)
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const { promise: held, resolve: isHeld } = Promise.withResolvers<void>()
  const holding = db.transaction().execute(async (tx) => {
    await sql`select from skill where account_id = ${scene.accountId} for update`.execute(tx)
    isHeld()
    await released
  })
  await held
  await end(scene.accountId)
  const deleting = async () =>
    (
      await sql<{ count: number }>`select count(*)::int as count from pg_stat_activity
        where datname = current_database() and query like 'delete from "skill"%' and wait_event_type = 'Lock'`.execute(
        db,
      )
    ).rows[0]?.count
  await expect.poll(deleting).toBe(1)
  await doomed.kill()
  release()
  await holding
  const between = await rowsOf(real, scene.accountId)
  expect(Object.keys(between).length).toBeLessThan(Object.keys(before).length)
  expect(Object.keys(between).length).toBeGreaterThan(1)

  await doomed.start()
  const gone = async () => {
    // Whole minutes are not waited for.
    await db
      .updateTable('timer')
      .set({ runAt: hourAgo })
      .where('kind', '=', 'account-end')
      .execute()
    return await rowsOf(real, scene.accountId)
  }
  await expect.poll(gone, { interval: 500 }).toEqual({})
})

test('nothing is routed anew in an account that has ended, or is suspended', async () => {
  await using real = await startTestServer({ clock: 'system', env: WITH_OPERATOR })
  const { accounts, delivery, store } = real.context
  const routed = async () => {
    const rows = store.db.selectFrom('outbox').where('consumer', '=', 'routing')
    return (await rows.select('accountId').distinct().execute()).map(({ accountId }) => accountId)
  }
  const suspended = (await real.anotherAccount()).accountId
  await expect.poll(routed).toEqual([])
  await operator(real).suspend(suspended)
  // Rows stay where they are.
  await delivery.drain(0)
  for (const accountId of ['ended', suspended, real.accountId]) accounts.readAgain(accountId)
  await accounts.skills.create(real.accountId, 'system', { name: 'New', description: '' })
  await expect.poll(routed).toContain(real.accountId)
  expect(await routed()).toEqual([real.accountId])
})
