import { afterAll, beforeAll, expect, test } from 'vitest'
import { lambdasOf, startTestServer, type TestServer } from '#testing'
import { holdSchedules } from './hold-schedules.fixture.ts'
import { runsOf, type Schedule, scheduled } from './scheduled.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 3 })
})
afterAll(() => server[Symbol.asyncDispose]())

const MINUTE_MS = 60_000

const newAccount = async () => lambdasOf(server, await server.anotherAccount())

test('a schedule that is made twice by one id is there once, unless it says something else', async () => {
  const account = await newAccount()
  const scheduleId = '1f0c7b9e-1111-4222-8333-444455556666'
  const made = await scheduled(account, { scheduleId })
  const body = {
    scheduleId,
    functionId: made.functionId,
    cronExpression: '*/10 * * * *',
    payload: { hello: 'there' },
  }
  const again = await account.native('POST', '/schedules', body)
  const other = await account.native('POST', '/schedules', { ...body, payload: {} })

  expect([again.status, other.status]).toEqual([201, 409])
  const { schedules } = (await account.native('GET', '/schedules')).json<{ schedules: object[] }>()
  expect(schedules).toEqual([again.json()])
  expect(made).toMatchObject({ scheduleId })
})

test('a schedule runs once per due time, whichever node takes it', async () => {
  const account = await newAccount()
  const { functionId, scheduleId, nextExecutionAt } = await scheduled(account)
  expect(nextExecutionAt).toBe(new Date(server.clock.now() + 10 * MINUTE_MS).toISOString())

  await server.clock.advance(31 * MINUTE_MS)

  const runs = await runsOf(account, scheduleId)
  expect(runs.map(({ dueAt }) => dueAt).toSorted()).toEqual(
    [10, 20, 30].map((minutes) =>
      new Date(Date.parse(nextExecutionAt ?? '') + (minutes - 10) * MINUTE_MS).toISOString(),
    ),
  )
  const { invocations } = (
    await account.native('GET', `/invocations?functionId=${functionId}`)
  ).json<{ invocations: object[] }>()
  expect(invocations).toHaveLength(3)
  expect(invocations[0]).toMatchObject({
    source: 'schedule',
    outcome: 'SUCCEEDED',
    result: { hello: 'there' },
  })
})

test('of three nodes that take the same schedules, one runs each', async () => {
  const account = await newAccount()
  const functionId = await account.deployed(`const lambda = async () => console.info('ran')`)
  const body = { functionId, cronExpression: '*/10 * * * *' }
  const scheduleIds = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const reply = await account.native('POST', '/schedules', body)
      return reply.json<Schedule>().scheduleId
    }),
  )
  // All are due at once, and no node is asked before another.
  const at = new Date(server.clock.now())
  await server.context.store.db
    .updateTable('timer')
    .set({ dueAt: at, runAt: at })
    .where('key', 'in', scheduleIds)
    .execute()
  await Promise.all(server.contexts.map(({ delivery }) => delivery.follower.settle()))

  const runs = await Promise.all(scheduleIds.map((scheduleId) => runsOf(account, scheduleId)))
  expect(runs).toEqual(
    scheduleIds.map(() => [expect.objectContaining({ dueAt: at.toISOString(), cause: 'due' })]),
  )
  // What a second run on another node would leave, even if its end came too late.
  const logged = async () =>
    (await account.native('GET', `/logs?functionId=${functionId}`)).json<{ entries: object[] }>()
      .entries.length
  await expect.poll(logged).toBe(5)
  await Promise.all(server.contexts.map(({ records }) => records.writer.flush()))
  expect(await logged()).toBe(5)
})

test('undeploying pauses a schedule, which the first dialect shows as deleted', async () => {
  const account = await newAccount()
  const { functionId, scheduleId } = await scheduled(account)
  await account.call('DELETE', `/deployments/${functionId}?v=1`)
  expect((await account.native('GET', `/schedules/${scheduleId}`)).json()).toMatchObject({
    pausedByUndeploy: true,
    active: true,
  })
  expect((await account.call('GET', '/schedules?v=1')).json()).toEqual([])

  await server.clock.advance(30 * MINUTE_MS)
  expect(await runsOf(account, scheduleId)).toEqual([])

  await account.deploy(functionId)
  const resumed = await account.native('PATCH', `/schedules/${scheduleId}`, { active: true })
  expect(resumed.json()).toMatchObject({ pausedByUndeploy: false })
  await server.clock.advance(10 * MINUTE_MS)
  expect(await runsOf(account, scheduleId)).toHaveLength(1)
})

test('a schedule that is made while its function is undeployed is paused, or refused', async () => {
  const account = await newAccount()
  for (let round = 0; round < 5; round++) {
    const functionId = await account.deployed('const lambda = () => 1')
    const body = { functionId, cronExpression: '0 4 * * *' }
    const [made, undeployed] = await Promise.all([
      account.native('POST', '/schedules', body),
      account.call('DELETE', `/deployments/${functionId}?v=1`),
    ])
    expect(undeployed.status).toBe(200)
    const { schedules } = (
      await account.native('GET', `/schedules?functionId=${functionId}`)
    ).json<{ schedules: Schedule[] }>()
    const paused = made.status === 201 ? [{ pausedByUndeploy: true }] : []
    expect(schedules).toMatchObject(paused)
    expect(schedules).toHaveLength(paused.length)
  }
})

test('a schedule can be paused, run manually and deleted', async () => {
  const account = await newAccount()
  const { scheduleId } = await scheduled(account)
  const paused = await account.native('PATCH', `/schedules/${scheduleId}`, { active: false })
  expect(paused.json<Schedule>().nextExecutionAt).toBeUndefined()
  await server.clock.advance(20 * MINUTE_MS)
  expect(await runsOf(account, scheduleId)).toEqual([])

  const run = await account.native('POST', `/schedules/${scheduleId}/runs`)
  expect(run.json()).toMatchObject({ cause: 'manual', failed: false })
  expect(await runsOf(account, scheduleId)).toMatchObject([{ cause: 'manual' }])

  expect((await account.native('DELETE', `/schedules/${scheduleId}`)).status).toBe(204)
  expect((await account.native('GET', `/schedules/${scheduleId}`)).status).toBe(404)
})

test('a schedule is not run while functions are switched off, and the refusal says so', async () => {
  const account = await newAccount()
  const { scheduleId } = await scheduled(account)
  const run = () => account.native('POST', `/schedules/${scheduleId}/runs`)

  await account.native('PATCH', '/settings', { functionsEnabled: false })
  const refused = await run()
  expect([refused.status, refused.json()]).toMatchObject([
    403,
    { error: { code: 'functions_disabled' } },
  ])
  await account.native('PATCH', '/settings', { functionsEnabled: true })
  expect((await run()).status).toBe(200)
})

test('a schedule that is changed while it runs keeps the change, and the run is in its history', async () => {
  const account = await newAccount()
  const { functionId, scheduleId } = await scheduled(account)
  const { context, clock } = server
  const changed = await (async () => {
    await using held = await holdSchedules(server)
    const change = account.native('PATCH', `/schedules/${scheduleId}`, {
      cronExpression: '0 0 1 1 *',
    })
    await held.waitedForBy(1)
    const at = new Date(clock.now())
    await context.store.db
      .updateTable('timer')
      .set({ dueAt: at, runAt: at })
      .where('key', '=', scheduleId)
      .execute()
    context.delivery.wake()
    await held.waitedForBy(2)
    return { change }
  })()
  expect((await changed.change).json()).toMatchObject({
    nextExecutionAt: '2027-01-01T00:00:00.000Z',
  })
  await clock.advance(0)

  expect(await runsOf(account, scheduleId)).toMatchObject([{ cause: 'due', failed: false }])
  const records = await account.native('GET', `/invocations?functionId=${functionId}`)
  expect(records.json()).toMatchObject({ invocations: [{ source: 'schedule' }] })
  expect((await account.native('GET', `/schedules/${scheduleId}`)).json()).toMatchObject({
    nextExecutionAt: '2027-01-01T00:00:00.000Z',
    lastExecutionAt: expect.any(String),
  })
})

test('a failed run is marked', async () => {
  const account = await newAccount()
  const functionId = await account.deployed('const lambda = () => { throw new Error("no") }')
  const body = { lambdaUUID: functionId, cronExpression: '*/5 * * * *', isActive: true, uuid: '' }
  const created = (await account.call('POST', '/schedules?v=1', body)).json<{
    uuid: string
    nextExecution: string
  }>()
  expect(Date.parse(created.nextExecution)).toBeGreaterThan(server.clock.now())
  await server.clock.advance(5 * MINUTE_MS)
  expect((await account.call('GET', '/schedules?v=1')).json()).toMatchObject([
    { uuid: created.uuid, didLastExecutionFail: true, lambdaUUID: functionId },
  ])
})

test('a schedule needs a deployed function and five fields; an account has at most ten', async () => {
  const account = await newAccount()
  const { functionId } = await scheduled(account)
  const { uuid: draft } = await account.create('const lambda = () => 1')
  const add = (body: object) => account.native('POST', '/schedules', body)

  expect((await add({ functionId: draft, cronExpression: '* * * * *' })).status).toBe(409)
  for (const cronExpression of ['* * * *', '61 * * * *', '* * * * * *', 'x', '0 0 31 2 *']) {
    const reply = await add({ functionId, cronExpression })
    expect([cronExpression, reply.status]).toEqual([cronExpression, 400])
    expect(reply.text).toContain('cronExpression')
  }
  const tooMuch = { functionId, cronExpression: '* * * * *', payload: 'x'.repeat(8_001) }
  expect((await add(tooMuch)).status).toBe(400)
  for (let count = 2; count <= 10; count++) {
    expect((await add({ functionId, cronExpression: '0 4 * * *', active: false })).status).toBe(201)
  }
  expect((await add({ functionId, cronExpression: '0 4 * * *' })).status).toBe(409)
})

test.each([
  ['60 * * * *', 'minute: must be 0 to 59, not \\"60\\"'],
  ['0 24 * * *', 'hour: must be 0 to 23, not \\"24\\"'],
  ['0 0 0 * *', 'day of month: must be 1 to 31, not \\"0\\"'],
  ['0 0 * 13 *', 'month: must be 1 to 12 or jan to dec, not \\"13\\"'],
  ['0 0 * * fri-mon', 'day of week: must be 0 to 7 or sun to sat, not \\"fri-mon\\"; ranges rise'],
])('of "%s" an error names the field, what it may be and what it is', async (expression, rule) => {
  const account = await newAccount()
  const functionId = await account.deployed('const lambda = () => 1')
  const body = { lambdaUUID: functionId, cronExpression: expression }
  const native = await account.native('POST', '/schedule-previews', { cronExpression: expression })
  const v1 = await account.call('POST', '/schedules?v=1', body)
  expect([native.status, v1.status]).toEqual([400, 400])
  expect(native.text).toContain(rule)
  expect(v1.text).toContain(rule)
})

test('of schedules that are made at once, no more are kept than the account may have', async () => {
  const account = await newAccount()
  await account.native('PATCH', '/settings', { limits: { schedules: 3 } })
  const functionId = await account.deployed('const lambda = async () => 1')
  const replies = await Promise.all(
    Array.from({ length: 12 }, () =>
      account.native('POST', '/schedules', { functionId, cronExpression: '0 0 * * *' }),
    ),
  )
  const statuses = replies.map(({ status }) => status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(3)
  expect(statuses.filter((status) => status === 409)).toHaveLength(9)
})

test('schedules that an undeployment has paused count when others are made or resumed', async () => {
  const account = await newAccount()
  await account.native('PATCH', '/settings', { limits: { schedules: 2 } })
  const first = await scheduled(account)
  await scheduled(account)
  const other = await account.deployed('const lambda = () => 1')
  await account.call('DELETE', `/deployments/${first.functionId}?v=1`)
  const cronExpression = '0 4 * * *'

  const made = await account.native('POST', '/schedules', { functionId: other, cronExpression })
  expect([made.status, made.text]).toEqual([409, expect.stringContaining('paused ones included')])

  // For the published API they are deleted.
  const published = { lambdaUUID: other, cronExpression }
  expect((await account.call('POST', '/schedules?v=1', published)).status).toBe(201)
  await account.deploy(first.functionId)
  const resume = () => account.native('PATCH', `/schedules/${first.scheduleId}`, { active: true })
  expect((await resume()).status).toBe(409)
  await account.native('PATCH', '/settings', { limits: { schedules: 3 } })
  expect((await resume()).status).toBe(200)
})

test('time zones count, and months from 0 are tolerated', async () => {
  const account = await newAccount()
  const preview = async (body: object) =>
    (await account.native('POST', '/schedule-previews', body)).json<{ nextRuns: string[] }>()
      .nextRuns
  expect(
    await preview({ cronExpression: '0 12 * * *', timeZone: 'Europe/Berlin', count: 1 }),
  ).toEqual([expect.stringContaining('T11:00:00.000Z')])
  expect(await preview({ cronExpression: '*/3 * * 0-12 *', count: 2 })).toHaveLength(2)
  await account.native('PATCH', '/settings', { timeZone: 'Asia/Tokyo' })
  expect(await preview({ cronExpression: '0 12 * * *', count: 1 })).toEqual([
    expect.stringContaining('T03:00:00.000Z'),
  ])
  expect(await scheduled(account)).toMatchObject({ timeZone: 'Asia/Tokyo' })
})
