import { afterAll, beforeAll, expect, test } from 'vitest'
import { lambdasOf, startTestServer, type TestServer } from '#testing'
import { runsOf, scheduled } from './scheduled.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const MINUTE_MS = 60_000

const newAccount = async () => lambdasOf(server, await server.anotherAccount())

const NOT_RUN = { cause: 'missed', failed: true, errorCode: 'missed', durationMs: 0 }

test.each([
  ['skip', NOT_RUN],
  ['run-once', { cause: 'missed', failed: false }],
])('of runs that were missed, policy %s makes %j, and all others are noted', async (...is) => {
  const [missedRuns, first] = is
  const account = await newAccount()
  const { scheduleId } = await scheduled(account, { missedRuns })
  // As if no node had been running for two hours.
  const before = server.clock.now() - 120 * MINUTE_MS
  const at = new Date(before - (before % (10 * MINUTE_MS)))
  await server.context.store.db
    .updateTable('timer')
    .set({ dueAt: at, runAt: at })
    .where('key', '=', scheduleId)
    .execute()
  await server.clock.advance(1)
  const runs = await runsOf(account, scheduleId)
  expect(runs.toSorted((a, b) => a.dueAt.localeCompare(b.dueAt))).toMatchObject(
    Array.from({ length: 13 }, (_, n) => ({
      dueAt: new Date(at.getTime() + n * 10 * MINUTE_MS).toISOString(),
      ...(n === 0 ? first : NOT_RUN),
    })),
  )
  const known = await account.native('GET', `/schedules/${scheduleId}`)
  expect('lastExecutionAt' in known.json<object>()).toBe(missedRuns === 'run-once')

  await server.clock.advance(10 * MINUTE_MS)
  expect((await runsOf(account, scheduleId))[0]).toMatchObject({ cause: 'due' })
})

test('a run that is due is not lost where its schedule is saved with the same times before it begins', async () => {
  const account = await newAccount()
  const { scheduleId } = await scheduled(account)
  // As if no node had been running since.
  const now = server.clock.now()
  const at = new Date(now - (now % (10 * MINUTE_MS)))
  const { db } = server.context.store
  const timer = db.updateTable('timer').set({ dueAt: at, runAt: at })
  await timer.where('key', '=', scheduleId).execute()
  const known = db.updateTable('schedule').set({ nextExecutionAt: at })
  await known.where('scheduleId', '=', scheduleId).execute()

  const same = { cronExpression: '*/10 * * * *', timeZone: 'UTC', payload: { hello: 'again' } }
  const changed = await account.native('PATCH', `/schedules/${scheduleId}`, same)
  expect(changed.json()).toMatchObject({ nextExecutionAt: at.toISOString() })
  await server.clock.advance(1)
  const runs = await runsOf(account, scheduleId)
  expect(runs).toMatchObject([{ dueAt: at.toISOString(), failed: false }])
})

test('a due time while functions are switched off is in the history, with why it was not run', async () => {
  const account = await newAccount()
  const { scheduleId } = await scheduled(account)
  await account.native('PATCH', '/settings', { functionsEnabled: false })
  await server.clock.advance(10 * MINUTE_MS)
  expect(await runsOf(account, scheduleId)).toMatchObject([
    { cause: 'due', failed: true, errorCode: 'functions_disabled' },
  ])
})

test('of very many due times that were missed, the first twenty are noted', async () => {
  const account = await newAccount()
  const { scheduleId } = await scheduled(account, { cronExpression: '* * * * *' })
  const before = server.clock.now() - 7 * 24 * 60 * MINUTE_MS
  const at = new Date(before - (before % MINUTE_MS))
  await server.context.store.db
    .updateTable('timer')
    .set({ dueAt: at, runAt: at })
    .where('key', '=', scheduleId)
    .execute()
  await server.clock.advance(1)
  const runs = await runsOf(account, scheduleId)
  expect(runs.map(({ dueAt }) => Date.parse(dueAt))).toEqual(
    Array.from({ length: 20 }, (_, n) => at.getTime() + (19 - n) * MINUTE_MS),
  )
})

test('a due time that comes again, as on a node whose clock is behind, is run once more, and stands once in the history', async () => {
  const account = await newAccount()
  const { functionId, scheduleId } = await scheduled(account)
  await server.clock.advance(10 * MINUTE_MS)
  const [run] = await runsOf(account, scheduleId)
  const at = new Date(run?.dueAt ?? '')
  await server.context.store.db
    .updateTable('timer')
    .set({ dueAt: at, runAt: at })
    .where('key', '=', scheduleId)
    .execute()
  await server.clock.advance(MINUTE_MS)

  expect((await runsOf(account, scheduleId)).map(({ dueAt }) => dueAt)).toEqual([run?.dueAt])
  const reply = await account.native('GET', `/invocations?functionId=${functionId}`)
  expect(reply.json<{ invocations: object[] }>().invocations).toHaveLength(2)
})
