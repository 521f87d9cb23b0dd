import { afterAll, beforeAll, expect, test } from 'vitest'
import { lambdasOf, startTestServer, type TestServer } from '#testing'

const DAY_MS = 86_400_000

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test('logs and records are deleted after the days that the account keeps them', async () => {
  // Long ones are not in the rows of records.
  const long = 'require("crypto").randomBytes(8_000)'
  const lambdas = lambdasOf(server)
  const short = lambdasOf(server, await server.anotherAccount())
  await short.native('PATCH', '/settings', { retention: { logDays: 2, invocationDays: 2 } })
  for (const account of [lambdas, short]) {
    const uuid = await account.deployed(
      `function lambda(input, callback) { console.info("kept"); ${long}; callback(null, 1) }`,
    )
    for (let call = 0; call < 12; call++) await account.invoke(uuid, call)
    const { invocations } = (await account.native('GET', '/invocations')).json<{
      invocations: unknown[]
    }>()
    expect(invocations).toHaveLength(12)
  }

  await server.clock.advance(4 * DAY_MS)

  const { db } = server.context.store
  const countOf = async (table: 'invocation' | 'invocationBundle' | 'recording' | 'logEntry') => {
    const rows = await db.selectFrom(table).select('accountId').execute()
    return [lambdas, short].map(
      ({ account }) => rows.filter(({ accountId }) => accountId === account.accountId).length,
    )
  }
  expect(await countOf('invocation')).toEqual([10, 0])
  expect(await countOf('recording')).toEqual([10, 0])
  expect((await countOf('invocationBundle')).map(Boolean)).toEqual([true, false])
  expect(await countOf('logEntry')).toEqual([12, 0])

  await server.clock.advance(30 * DAY_MS)
  expect(await countOf('invocation')).toEqual([0, 0])
  expect(await countOf('recording')).toEqual([0, 0])
  expect(await countOf('invocationBundle')).toEqual([0, 0])
})

test('what was invoked this month counts until its end, however short metrics are kept', async () => {
  const now = new Date(server.clock.now())
  const nextMonth = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)
  await server.clock.advance(nextMonth + 60_000 - now.getTime())
  const made = await server.anotherAccount()
  const account = lambdasOf(server, made)
  const limits = { invocationsPerMonth: 2 }
  await account.native('PATCH', '/settings', { retention: { metricsDays: 1 }, limits })
  const uuid = await account.deployed('const lambda = () => 1')
  const path = `/api/account/${made.accountId}/login?v=1.3`
  const sent = { body: { username: made.admin.user, password: made.admin.password } }
  const logIn = async () =>
    (await server.request('POST', path, sent)).json<{ bearer: string }>().bearer
  const invoke = async () =>
    (
      await account.call(
        'POST',
        `/lambdas/${uuid}/invoke?v=1`,
        { payload: 1 },
        { bearer: await logIn() },
      )
    ).status
  expect([await invoke(), await invoke()]).toEqual([200, 200])

  await server.clock.advance(4 * DAY_MS)
  const usage = await account.native('GET', '/usage', undefined, { bearer: await logIn() })
  expect(usage.json()).toMatchObject({ monthSucceeded: 2 })
  expect(await invoke()).toBe(429)

  await server.clock.advance(32 * DAY_MS)
  const rows = await server.context.store.db
    .selectFrom('invocationMinute')
    .select('minute')
    .where('functionId', '=', uuid)
    .execute()
  expect(rows).toEqual([])
})

test('records and logs of a conversation are erased with it', async () => {
  const { invocations, records, recordings } = server.context
  // The clock has gone on for weeks: the first account's sessions are over.
  const lambdas = lambdasOf(server, await server.anotherAccount())
  const { accountId } = lambdas.account
  await lambdas.deployed(
    `function lambda(input, callback) {
      console.info("seen")
      require('crypto').randomBytes(8_000)
      callback(null, [])
    }`,
    { eventId: 'controllerbot_messaging_conversation_end' },
  )
  for (const conversationId of ['c1', 'c2']) {
    const { functions } = await invocations.invokeEvent(accountId, {
      eventId: 'controllerbot_messaging_conversation_end',
      conversationId,
      invocationId: `i-${conversationId}`,
      source: 'test',
      payload: { said: 'something private' },
    })
    for (const { record } of functions) invocations.record(record)
  }

  await records.erase(accountId, { conversationIds: ['c1'] })
  await recordings.erase(accountId, { conversationIds: ['c1'] })

  const { db } = server.context.store
  const recorded = db.selectFrom('recording').select('conversationId')
  expect(await recorded.where('accountId', '=', accountId).execute()).toEqual([
    { conversationId: 'c2' },
  ])

  for (const path of ['/invocations', '/logs']) {
    const left = await lambdas.native('GET', `${path}?conversationId=c1`)
    expect(Object.values(left.json<object>())[0]).toEqual([])
    const other = await lambdas.native('GET', `${path}?conversationId=c2`)
    expect(Object.values(other.json<object>())[0]).toHaveLength(1)
  }
})
