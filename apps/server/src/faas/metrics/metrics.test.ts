import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const newAccount = async () => lambdasOf(server, await server.anotherAccount())
const FICKLE =
  'const lambda = ({ payload }) => { if (payload.fail) throw new Error("no"); return 1 }'

async function statistics(account: Lambdas, uuid: string, more = '') {
  const now = server.clock.now()
  const query = `v=1&startTimestamp=${now - 3_600_000}&endTimestamp=${now + 1}&bucketSize=300${more}`
  const reply = await account.call('GET', `/reports/invocations/${uuid}?${query}`)
  return reply.json<{ invocationStatistics: Record<string, number>[] }>().invocationStatistics
}

test('the published histogram counts by state, in seven members, with empty buckets', async () => {
  const account = await newAccount()
  const uuid = await account.deployed(FICKLE)
  for (const fail of [false, false, true]) await account.invoke(uuid, { fail })

  const buckets = await statistics(account, uuid, '&invocationStates=SUCCEEDED')

  expect(buckets.length).toBeGreaterThanOrEqual(12)
  expect(Object.keys(buckets[0] ?? {})).toEqual([
    'from',
    'to',
    'SUCCEEDED',
    'UNKOWN',
    'CODING_FAILURE',
    'PLATFORM_FAILURE',
    'TIMEOUT',
  ])
  expect(buckets.at(-1)).toMatchObject({ SUCCEEDED: 2, CODING_FAILURE: 1, TIMEOUT: 0 })
  expect((buckets.at(-1)?.['to'] ?? 0) - (buckets.at(-1)?.['from'] ?? 0)).toBe(300_000)
})

test('a period without length has a bucket, and one whose last bucket would end beyond all dates is refused', async () => {
  const account = await newAccount()
  const uuid = await account.deployed(FICKLE)
  const path = `/reports/invocations/${uuid}?v=1`

  const moment = 'startTimestamp=1767606300000&endTimestamp=1767606300000&bucketSize=300'
  const none = await account.call('GET', `${path}&${moment}`)
  const far = 'startTimestamp=8639999999990000&endTimestamp=8640000000000000&bucketSize=2592000'
  const beyond = await account.call('GET', `${path}&${far}`)

  expect(none.json()).toMatchObject({ invocationStatistics: [{ SUCCEEDED: 0, TIMEOUT: 0 }] })
  expect(beyond.status).toBe(400)
  expect(beyond.text).toContain('endTimestamp')
})

test('all functions of an account are counted together over time, and nobody else’s', async () => {
  const account = await newAccount()
  const first = await account.deployed(FICKLE)
  const second = await account.deployed(FICKLE)
  await account.invoke(first, { fail: false })
  await account.invoke(second, { fail: false })
  await account.invoke(second, { fail: true })
  const stranger = await newAccount()
  await stranger.invoke(await stranger.deployed(FICKLE), { fail: false })

  const now = server.clock.now()
  const to = new Date(now + 60_000).toISOString()
  const reply = await account.native('GET', `/metrics?to=${to}&bucketSeconds=3600`)

  const { buckets } = reply.json<{ buckets: Record<string, number>[] }>()
  expect(buckets.length).toBeGreaterThanOrEqual(24)
  const ran = buckets.filter(({ SUCCEEDED = 0 }) => SUCCEEDED > 0)
  expect(ran).toMatchObject([{ SUCCEEDED: 2, CODING_FAILURE: 1, p99Ms: expect.any(Number) }])
  const many = await account.native('GET', `/metrics?from=2020-01-01T00:00:00Z&to=${to}`)
  expect(many.status).toBe(400)
})

test('counts that could not be written are written later', async () => {
  const { db } = server.context.store
  const account = await newAccount()
  const uuid = await account.deployed(FICKLE)
  await sql`alter table invocation_minute rename to elsewhere`.execute(db)
  await account.invoke(uuid, { fail: false })
  await server.context.records.writer.flush()
  await account.invoke(uuid, { fail: false })
  await server.context.records.writer.flush()
  await sql`alter table elsewhere rename to invocation_minute`.execute(db)
  await account.invoke(uuid, { fail: false })

  expect((await statistics(account, uuid)).at(-1)).toMatchObject({ SUCCEEDED: 3 })
})

test.each([
  ['an unbounded span', 'startTimestamp=0&endTimestamp=8000000000000000&bucketSize=300'],
  ['too many buckets', 'startTimestamp=0&endTimestamp=2592000000&bucketSize=60'],
  ['no bucket size', 'startTimestamp=0&endTimestamp=1000'],
])('%s is refused', async (_case, query) => {
  const reply = await lambdasOf(server).call('GET', `/reports/invocations/x?v=1&${query}`)
  expect(reply.status).toBe(400)
})

test.each([
  ['from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z', 'from'],
  ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
  ['from=2026-01-01T00:00:00Z&to=2026-01-30T00:00:00Z&bucketSeconds=60', 'bucketSeconds'],
])('the native door refuses %s by the name of its own parameter %s', async (query, parameter) => {
  const reply = await lambdasOf(server).native('GET', `/metrics?${query}`)
  expect(reply.status).toBe(400)
  expect(reply.text).toContain(`"query.${parameter}"`)
  expect(reply.text).not.toMatch(/startTimestamp|bucketSize/)
})

test('counters: functions, deployed, invocations of the month', async () => {
  const account = await newAccount()
  const uuid = await account.deployed(FICKLE)
  await account.create(FICKLE)
  await account.invoke(uuid, { fail: false })
  await account.invoke(uuid, { fail: true })

  const counts = await account.call('GET', '/reports/lambdaCounts?v=1')
  const { accountId } = account.account
  const sample = 1
  expect(counts.json()).toEqual({
    accountId,
    total: expect.any(Number),
    deployed: expect.any(Number),
  })
  const { total, deployed } = counts.json<{ total: number; deployed: number }>()
  expect(total - deployed).toBe(sample)
  expect((await account.call('GET', '/reports/limitCounts?v=1')).json()).toEqual({
    limitTotalLambdas: 1_000_000,
    limitDeployedLambdas: 1_000_000,
    invocationLimitPerMonth: 150_000,
  })
  const month = `startTimestamp=${Date.UTC(2026, 0, 1)}&endTimestamp=${server.clock.now() + 1}`
  expect((await account.call('GET', `/reports/invocationCounts?v=1&${month}`)).json()).toEqual({
    successfulInvocations: 1,
    unsuccessfulInvocations: 1,
  })
  expect((await account.native('GET', '/usage')).json()).toMatchObject({
    monthSucceeded: 1,
    monthFailed: 1,
    fairUsePerMonth: 150_000,
    functionLimit: 1_000_000,
  })
})

test('a messaging function is flagged when one of twenty invocations is slow', async () => {
  const account = await newAccount()
  await account.deployed(
    'const lambda = () => new Promise((done) => setTimeout(() => done([]), 1_100))',
    { name: 'slow', eventId: 'controllerbot_messaging_new_conversation' },
  )
  const quick = await account.deployed(FICKLE, { name: 'quick' })
  const raise = '/events/controllerbot_messaging_new_conversation/invoke?v=1'
  const bearer = account.account.appToken
  expect((await account.call('POST', raise, { payload: 1 }, { bearer })).status).toBe(200)
  await account.invoke(quick, {})

  const from = new Date(server.clock.now() - 3_600_000).toISOString()
  const to = new Date(server.clock.now() + 1).toISOString()
  const health = await account.native('GET', `/functions-health?from=${from}&to=${to}`)
  const { functions } = health.json<{ functions: { name: string }[] }>()
  expect(functions).toContainEqual(
    expect.objectContaining({ name: 'slow', slow: true, invocations: 1 }),
  )
  expect(functions).toContainEqual(expect.objectContaining({ name: 'quick', slow: false }))
})

test('metrics and health answer for the last 24 hours without a window', async () => {
  const account = await newAccount()
  const uuid = await account.deployed(FICKLE)
  await account.invoke(uuid, { fail: false })
  await server.clock.advance(2 * 3_600_000)
  const health = await account.native('GET', '/functions-health')
  expect(health.json()).toMatchObject({ functions: [{ functionId: uuid, invocations: 1 }] })
  const { buckets } = (await account.native('GET', `/functions/${uuid}/metrics`)).json<{
    buckets: { from: string; to: string; SUCCEEDED: number }[]
  }>()
  const span = Date.parse(buckets.at(-1)!.to) - Date.parse(buckets[0]!.from)
  expect(span).toBeLessThanOrEqual(25 * 3_600_000)
  expect(buckets.reduce((sum, { SUCCEEDED }) => sum + SUCCEEDED, 0)).toBe(1)
  const to = new Date(server.clock.now() - 3 * 3_600_000).toISOString()
  const earlier = await account.native('GET', `/functions-health?to=${to}`)
  expect(earlier.json()).toMatchObject({ functions: [{ functionId: uuid, invocations: 0 }] })
})
