import { type RawBuilder, sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { lambdasOf, startDoomedNode, startTestServer, stopAt, type TestServer } from '#testing'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** More than a page of each. */
const MANY = 1_200

/** A table with rows of a silent account that must end, and what somebody may hold of it. */
interface Ending {
  table: string
  /** Stores some of them, in the past. */
  fill(accountId: string): RawBuilder<unknown>
  /** A lock by which others are kept from one of them. */
  hold(accountId: string): RawBuilder<unknown>
  /** Of an account in which nothing else is to end. */
  kept: number
}

const firstRow = (table: string) => (accountId: string) =>
  sql`select from ${sql.id(table)} where account_id = ${accountId} limit 1 for update`

const ENDINGS: Ending[] = [
  {
    table: 'function_version',
    fill: (accountId) => sql`
      with changed as (
        update function set version = ${MANY} where account_id = ${accountId}
          and function_id = (select function_id from function where account_id = ${accountId} limit 1)
        returning function_id)
      insert into function_version (account_id, function_id, version, description, code, language, delivers, created_at, created_by)
        select account_id, function_id, n, description, code, language, delivers, created_at - interval '1000 days', created_by
        from function_version join changed using (function_id), generate_series(2, ${MANY}::int) n where version = 1`,
    hold: (accountId) =>
      sql`select from function where account_id = ${accountId} and version > 1 for update`,
    // The newest twenty, and that of the deployment.
    kept: 21,
  },
  {
    table: 'survey_revision',
    fill: (accountId) => sql`
      with made as (
        insert into survey (account_id, revision, app_install_id, definition, updated_at)
          values (${accountId}, ${MANY}, gen_random_uuid(), '{}', now()) returning survey_id)
      insert into survey_revision (account_id, survey_id, revision, definition, created_at)
        select ${accountId}, survey_id, n, '{}', now() - interval '1000 days'
        from made, generate_series(1, ${MANY}::int) n`,
    hold: firstRow('survey_revision'),
    kept: 1,
  },
  {
    table: 'context_property',
    fill: (accountId) => sql`
      insert into context_property (account_id, namespace, session_id, name, value, expires_at)
        select ${accountId}, 'custom', 'session', 'property ' || n, '1',
          case when n > 1 then now() - interval '1000 days' end
        from generate_series(1, ${MANY}::int) n`,
    hold: (accountId) =>
      sql`select from context_property where account_id = ${accountId} and name = 'property 2' for update`,
    kept: 1,
  },
  {
    table: 'grant_item',
    fill: (accountId) => sql`
      insert into grant_item (account_id, kind, id, payload_box, expires_at)
        select ${accountId}, 'Interaction', 'item ' || n, '', now() - interval '1000 days'
        from generate_series(1, ${MANY}::int) n`,
    hold: firstRow('grant_item'),
    kept: 0,
  },
  {
    table: 'login_session',
    fill: (accountId) => sql`
      insert into login_session (account_id, bearer_hash, cookie_hash, csrf_hash, user_id, created_at, expires_at)
        select account_id, 'bearer ' || n, 'cookie ' || n, '', user_id, now(), now() - interval '1000 days'
        from (select account_id, user_id from account_user where account_id = ${accountId} limit 1) one,
          generate_series(1, ${MANY}::int) n`,
    hold: (accountId) =>
      sql`select from login_session where account_id = ${accountId} and bearer_hash = 'bearer 1' for update`,
    kept: 0,
  },
]

async function givenAccount(server: TestServer): Promise<string> {
  const account = lambdasOf(server, await server.anotherAccount())
  await account.deployed('const lambda = async () => 1')
  return account.account.accountId
}

/** Fills a table with rows that must end; what it answers counts them. */
async function givenOld(
  { context }: TestServer,
  accountId: string,
  { table, fill, kept }: Ending,
): Promise<() => Promise<number>> {
  const { db } = context.store
  const count = async () => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.id(table)} where account_id = ${accountId}`.execute(
      db,
    )
    return rows[0]?.count ?? 0
  }
  // That of the deployed function is among those that are kept.
  const before = table === 'function_version' ? 0 : await count()
  await fill(accountId).execute(db)
  return async () => (await count()) - before - kept
}

test('what has been kept long enough ends at night, what somebody holds an hour later', async () => {
  await using server = await startTestServer({ wallClock: 'system' })
  const { db } = server.context.store
  const [held, free] = [await givenAccount(server), await givenAccount(server)]
  const inHeld = new Map<string, () => Promise<number>>()
  const inFree = new Map<string, () => Promise<number>>()
  for (const ending of ENDINGS) {
    inHeld.set(ending.table, await givenOld(server, held, ending))
    inFree.set(ending.table, await givenOld(server, free, ending))
  }
  const tx = await db.startTransaction().execute()
  await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx)
  for (const { hold } of ENDINGS) await hold(held).execute(tx)

  await server.clock.advance(DAY_MS + HOUR_MS)
  for (const [table, left] of inFree) expect([table, await left()]).toEqual([table, 0])
  for (const [table, left] of inHeld) {
    expect([table, await left()]).toEqual([table, expect.not.toBeOneOf([0])])
  }

  await tx.commit().execute()
  await server.clock.advance(2 * HOUR_MS)
  for (const [table, left] of inHeld) expect([table, await left()]).toEqual([table, 0])
})

test('a node that is killed while it ends something leaves the rest to the next one', async () => {
  await using server = await startTestServer({ clock: 'system' })
  const { db } = server.context.store
  // Timers are left to the node that dies.
  await server.context.delivery.drain(0)
  await using doomed = await startDoomedNode(server)
  const accountId = await givenAccount(server)
  const ofEnds = (at: Date) =>
    db.updateTable('timer').set({ dueAt: at, runAt: at }).where('kind', '=', 'ends').execute()
  const armedAgain = () =>
    db
      .selectFrom('timer')
      .select('kind')
      .where('kind', '=', 'ends')
      .where('dueAt', '>', new Date())
      .execute()

  for (const ending of ENDINGS.slice(0, 3)) {
    const left = await givenOld(server, accountId, ending)
    const stop = await stopAt(server, ending.table, 'before delete for each row')
    await ofEnds(new Date())
    await stop.reached()
    await doomed.kill()
    await stop.release()
    expect(await left()).toBeGreaterThan(0)

    await doomed.start()

    await expect.poll(left).toBe(0)
    await expect.poll(armedAgain).toHaveLength(1)
  }
})

/** Has what recurs, for the server and for an account. */
async function recurringAccount(server: TestServer) {
  const account = lambdasOf(server, await server.anotherAccount())
  const functionId = await account.deployed('const lambda = async () => 1')
  const times = { functionId, cronExpression: '*/10 * * * *' }
  const made = await account.native('POST', '/schedules', times)
  expect(made.status).toBe(201)
  const { scheduleId } = made.json<{ scheduleId: string }>()
  const reports = { frequency: 'daily', recipients: ['ada@example.com'] }
  const retention = { conversationDays: 30 }
  expect((await account.native('PUT', '/report-settings', reports)).status).toBe(200)
  expect((await account.native('PATCH', '/settings', { retention })).status).toBe(200)
  return { account, scheduleId }
}

type Recurring = Awaited<ReturnType<typeof recurringAccount>>

async function expectDueSoon(server: TestServer, { account, scheduleId }: Recurring) {
  const { db } = server.context.store
  const kinds = ['ends', 'record-retention', 'retention', 'report', 'function-schedule']
  const soon = new Date(Date.now() + 2 * DAY_MS)
  const late = () =>
    db
      .selectFrom('timer')
      .select('kind')
      .where('kind', 'in', kinds)
      .where('dueAt', '>', soon)
      .execute()
  await expect.poll(late).toEqual([])
  const { nextExecutionAt } = (await account.native('GET', `/schedules/${scheduleId}`)).json<{
    nextExecutionAt: string
  }>()
  expect(Date.parse(nextExecutionAt)).toBeLessThan(Date.now() + HOUR_MS)
}

test('what was armed while the clock was far ahead is due again by the right one after a start', async () => {
  await using server = await startTestServer({ clock: 'system' })
  const { db } = server.context.store
  const recurring = await recurringAccount(server)
  const { accountId } = recurring.account.account
  const dueAt = new Date(Date.now() + 300 * DAY_MS)
  await db.updateTable('timer').set({ dueAt, runAt: dueAt }).execute()
  const ofAccount = db.updateTable('schedule').where('accountId', '=', accountId)
  await ofAccount.set({ nextExecutionAt: dueAt }).execute()

  await using _node = await startDoomedNode(server)

  await expectDueSoon(server, recurring)
})

test('what was armed while the clock was far ahead is due again as soon as it is set back, also by a node that goes on', async () => {
  const { now } = Date
  const ahead = vi.spyOn(Date, 'now').mockImplementation(() => now() + 300 * DAY_MS)
  using _ = { [Symbol.dispose]: () => ahead.mockRestore() }
  await using server = await startTestServer({ clock: 'system' })
  const recurring = await recurringAccount(server)

  ahead.mockRestore()

  await expectDueSoon(server, recurring)
})
