import type { AccountLimits } from '@parley/contract'
import { functionNotFound } from '#faas/functions'
import { invalid, ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import { type CronTimes, nextRun } from './cron.ts'
import type { SchedulesDeps } from './deps.ts'

export function firstRun(times: CronTimes, now: number): Date {
  const next = nextRun(times, now)
  if (!next) throw invalid('body.cronExpression', `"${times.cronExpression}" never comes true`)
  return next
}

export async function requireDeployed(
  { functions }: Pick<SchedulesDeps, 'functions'>,
  tx: Db,
  accountId: string,
  functionId: string,
) {
  const owner = await functions.find(tx, accountId, functionId)
  if (!owner) throw functionNotFound(accountId, functionId)
  if (owner.liveDeploymentId === null) {
    throw new ParleyError(
      'deployment_required',
      `Only deployed functions run by a schedule: deploy "${owner.name}" first`,
    )
  }
  return owner
}

/** @param others how many schedules the account has without the one in question */
export function checkRoom(others: number, { schedules }: AccountLimits): void {
  if (others < schedules) return
  throw new ParleyError(
    'schedule_limit_reached',
    `The account may have ${schedules} schedules, paused ones included`,
  )
}

export function checkPayload(payload: unknown, maxCharacters: number): void {
  if ((JSON.stringify(payload) ?? '').length > maxCharacters) {
    throw invalid('body.payload', `must have at most ${maxCharacters} characters`)
  }
}
