import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type DoomedNode,
  type Lambdas,
  lambdasOf,
  startDoomedNode,
  startTestServer,
  type TestServer,
} from '#testing'
import { holdSchedules } from './hold-schedules.fixture.ts'

let server: TestServer
let doomed: DoomedNode
beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
  // Timers are left to the node that dies.
  await server.context.delivery.drain(0)
  doomed = await startDoomedNode(server)
})
afterAll(async () => {
  await doomed?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

interface Left {
  schedule: { nextExecutionAt: string; lastExecutionAt?: string; nextRuns: string[] }
  runs: { invocationId: string; startedAt: string; cause: string; failed: boolean }[]
  invocations: { invocationId: string; source: string; result: unknown }[]
}

async function scheduled() {
  const account = lambdasOf(server, await server.anotherAccount())
  const functionId = await account.deployed('const lambda = async (input) => input.payload')
  const reply = await account.native('POST', '/schedules', {
    functionId,
    cronExpression: '0 0 1 1 *',
    payload: { hello: 'there' },
    missedRuns: 'run-once',
  })
  return { account, functionId, scheduleId: reply.json<{ scheduleId: string }>().scheduleId }
}

/** What the node that lives shows of a schedule. */
async function leftOf(account: Lambdas, functionId: string, scheduleId: string): Promise<Left> {
  const read = async <Body>(path: string) => (await account.native('GET', path)).json<Body>()
  return {
    schedule: await read<Left['schedule']>(`/schedules/${scheduleId}`),
    ...(await read<Pick<Left, 'runs'>>(`/schedules/${scheduleId}/runs`)),
    ...(await read<Pick<Left, 'invocations'>>(`/invocations?functionId=${functionId}`)),
  }
}

test('a run is stored whole or not at all when its node dies while it stores it', async () => {
  const { account, functionId, scheduleId } = await scheduled()
  const { db } = server.context.store
  const at = new Date()
  await db
    .updateTable('schedule')
    .set({ nextExecutionAt: at })
    .where('scheduleId', '=', scheduleId)
    .execute()
  const before = await leftOf(account, functionId, scheduleId)
  expect(before).toMatchObject({ runs: [], invocations: [] })
  {
    await using held = await holdSchedules(server)
    await db
      .updateTable('timer')
      .set({ dueAt: at, runAt: at })
      .where('key', '=', scheduleId)
      .execute()
    await held.waitedForBy(1)
    expect(await leftOf(account, functionId, scheduleId)).toEqual(before)
    await doomed.kill()
  }
  expect(await leftOf(account, functionId, scheduleId)).toEqual(before)

  await doomed.start()

  await expect
    .poll(async () => (await leftOf(account, functionId, scheduleId)).invocations)
    .toMatchObject([{ source: 'schedule', result: { hello: 'there' } }])
  const { schedule, runs, invocations } = await leftOf(account, functionId, scheduleId)
  expect(runs).toMatchObject([{ invocationId: invocations[0]!.invocationId, failed: false }])
  expect(schedule).toMatchObject({
    nextExecutionAt: schedule.nextRuns[0],
    lastExecutionAt: runs[0]!.startedAt,
  })
})

test('a manual run that was answered is stored, even if its node dies at once', async () => {
  const { account, functionId, scheduleId } = await scheduled()
  const { accountId, adminBearer } = account.account
  const path = `/api/v1/accounts/${accountId}/schedules/${scheduleId}/runs`
  const answer = await fetch(`${doomed.url()}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminBearer}` },
  })
  const run = (await answer.json()) as Left['runs'][0]
  await doomed.kill()

  const { runs, invocations } = await leftOf(account, functionId, scheduleId)
  expect(run).toMatchObject({ cause: 'manual', failed: false })
  expect(runs).toEqual([run])
  expect(invocations).toMatchObject([{ invocationId: run.invocationId, source: 'schedule' }])
  await doomed.start()
})
