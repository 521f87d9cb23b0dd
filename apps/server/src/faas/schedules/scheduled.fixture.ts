import type { Lambdas } from '#testing'

export interface Schedule {
  scheduleId: string
  nextExecutionAt?: string
  pausedByUndeploy: boolean
}

/** A schedule of every ten minutes, and the function that it runs. */
export async function scheduled(account: Lambdas, more: object = {}) {
  const functionId = await account.deployed('const lambda = async (input) => input.payload')
  const reply = await account.native('POST', '/schedules', {
    functionId,
    cronExpression: '*/10 * * * *',
    payload: { hello: 'there' },
    ...more,
  })
  if (reply.status !== 201) throw new Error(reply.text)
  return { functionId, ...reply.json<Schedule>() }
}

/** The history of a schedule, newest first. */
export async function runsOf(account: Lambdas, scheduleId: string) {
  const reply = await account.native('GET', `/schedules/${scheduleId}/runs`)
  return reply.json<{ runs: { dueAt: string; cause: string; failed: boolean }[] }>().runs
}
