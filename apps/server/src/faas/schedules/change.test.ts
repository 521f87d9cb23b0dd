import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'
import { scheduled } from './scheduled.fixture.ts'

let server: TestServer
let account: Lambdas
beforeAll(async () => {
  server = await startTestServer()
  account = lambdasOf(server)
})
afterAll(() => server[Symbol.asyncDispose]())

test.each([null, false, 0, '', {}])('a schedule keeps the changed payload %j', async (payload) => {
  const { scheduleId } = await scheduled(account)
  const changed = await account.native('PATCH', `/schedules/${scheduleId}`, { payload })
  const v1 = await account.call('PUT', `/schedules/${scheduleId}?v=1`, { payload })
  const kept = await account.native('GET', `/schedules/${scheduleId}`)
  expect([changed, v1, kept].map((reply) => reply.json())).toMatchObject(
    Array.from({ length: 3 }, () => ({ payload })),
  )
})

test.each(['every day', '0 0 31 2 *'])(
  'a schedule that is paused is refused with the times "%s", too',
  async (cronExpression) => {
    const { functionId, scheduleId } = await scheduled(account)
    const body = { functionId, cronExpression, active: false }
    const made = await account.native('POST', '/schedules', body)
    const paused = { cronExpression, active: false }
    const changed = await account.native('PATCH', `/schedules/${scheduleId}`, paused)
    const v1 = await account.call('PUT', `/schedules/${scheduleId}?v=1`, {
      cronExpression,
      isActive: false,
    })
    const known = await account.native('GET', `/schedules/${scheduleId}`)
    expect([made, changed, v1, known].map(({ status }) => status)).toEqual([400, 400, 400, 200])
    await account.native('DELETE', `/schedules/${scheduleId}`)
  },
)
