import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const MINUTE_MS = 60_000

interface Run {
  dueAt: string
  invocationId: string
  failed: boolean
  errorCode?: string
}

async function scheduled() {
  const account = lambdasOf(server, await server.anotherAccount())
  const functionId = await account.deployed('const lambda = async (input) => input.headers')
  const reply = await account.native('POST', '/schedules', {
    functionId,
    cronExpression: '*/10 * * * *',
  })
  const { scheduleId } = reply.json<{ scheduleId: string }>()
  return { account, functionId, scheduleId }
}

async function runsOf(account: Lambdas, scheduleId: string): Promise<Run[]> {
  const reply = await account.native('GET', `/schedules/${scheduleId}/runs`)
  return reply.json<{ runs: Run[] }>().runs
}

/** The database refuses new rows of an account in a table, until this is disposed. */
async function refusing(
  table: 'invocation' | 'schedule_run',
  accountId: string,
  unless = 'false',
): Promise<AsyncDisposable> {
  const { db } = server.context.store
  const name = sql.id(`refuse_${table}_${accountId}`)
  await sql`create function ${name}() returns trigger language plpgsql as ${sql.lit(`begin
    if new.account_id <> '${accountId}' or ${unless} then return new; end if;
    raise exception 'refused for the test'; end`)}`.execute(db)
  await sql`create trigger refuse before insert on ${sql.id(table)} for each row execute function ${name}()`.execute(
    db,
  )
  return {
    async [Symbol.asyncDispose]() {
      await sql`drop function ${name}() cascade`.execute(db)
    },
  }
}

test.each([
  ['invocation', [{ failed: true, errorCode: 'not_stored' }]],
  ['schedule_run', []],
] as const)(
  'a schedule whose runs cannot be stored in "%s" goes on with its next time',
  async (table, noted) => {
    const { account, scheduleId } = await scheduled()
    {
      await using _ = await refusing(table, account.account.accountId)
      await server.clock.advance(11 * MINUTE_MS)
      expect(await runsOf(account, scheduleId)).toMatchObject(noted)
      const schedule = (await account.native('GET', `/schedules/${scheduleId}`)).json<{
        nextExecutionAt: string
      }>()
      expect(Date.parse(schedule.nextExecutionAt)).toBeGreaterThan(server.clock.now())
    }

    await server.clock.advance(10 * MINUTE_MS)

    expect((await runsOf(account, scheduleId))[0]).toMatchObject({ failed: false })
  },
)

test('attempts of one due time carry the same invocation id', async () => {
  const { account, functionId, scheduleId } = await scheduled()
  const { db } = server.context.store
  // A sequence keeps what the rolled back attempt has set: the first half of its invocation id.
  await sql`create sequence first_attempt minvalue 0`.execute(db)
  const half = `('x' || left(replace(new.invocation_id::text, '-', ''), 12))::bit(48)::bigint`
  {
    await using _ = await refusing(
      'invocation',
      account.account.accountId,
      `(select is_called from first_attempt) or setval('first_attempt', ${half}) is null`,
    )
    await server.clock.advance(11 * MINUTE_MS)
  }
  const { rows } = await sql<{ id: string }>`
    select to_hex(last_value) as id from first_attempt`.execute(db)

  const [run] = await runsOf(account, scheduleId)
  expect(run).toMatchObject({ failed: false })
  expect(run?.invocationId.replaceAll('-', '').slice(0, 12)).toBe(rows[0]?.id.padStart(12, '0'))
  const { invocations } = (
    await account.native('GET', `/invocations?functionId=${functionId}`)
  ).json<{ invocations: { invocationId: string; result: unknown }[] }>()
  expect(invocations).toMatchObject([
    { invocationId: run?.invocationId, result: [{ value: run?.invocationId }] },
  ])
})
