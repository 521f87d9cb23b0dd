import type { Schedule, ScheduleChange } from '@parley/contract'
import { lockAccount } from '#base/kit'
import type { Actor } from '#faas/function-config'
import { checkPayload, checkRoom, firstRun, requireDeployed } from './checks.ts'
import { toSchedule } from './describe.ts'
import { scheduleNotFound } from './read.ts'
import { findSchedules, lockSchedule, type ScheduleRow, updateScheduleRow } from './repository.ts'
import type { SchedulesDeps } from './deps.ts'
import { armSchedule } from './timer.ts'

export async function changeSchedule(
  deps: SchedulesDeps,
  accountId: string,
  actor: Actor,
  scheduleId: string,
  change: ScheduleChange,
): Promise<Schedule> {
  const limits = await deps.functionConfig.limitsOf(accountId)
  if (change.payload !== undefined) {
    checkPayload(change.payload, limits.schedulePayloadCharacters)
  }
  const row = await deps.store.transaction(async (tx) => {
    const before = await lockSchedule(tx, accountId, scheduleId)
    if (!before) throw scheduleNotFound(scheduleId)
    const now = deps.clock.now()
    const wanted: ScheduleRow = {
      ...before,
      cronExpression: change.cronExpression ?? before.cronExpression,
      timeZone: change.timeZone ?? before.timeZone,
      payload: change.payload === undefined ? before.payload : change.payload,
      active: change.active ?? before.active,
      missedRuns: change.missedRuns ?? before.missedRuns,
      pausedByUndeploy: change.active === true ? false : before.pausedByUndeploy,
      updatedAt: new Date(now),
      updatedBy: actor,
    }
    if (before.pausedByUndeploy && !wanted.pausedByUndeploy) {
      await lockAccount(tx, accountId)
      const all = await findSchedules(tx, accountId)
      checkRoom(all.filter(({ pausedByUndeploy }) => !pausedByUndeploy).length, limits)
    }
    const runs = isOn(wanted)
    if (runs) await requireDeployed(deps, tx, accountId, wanted.functionId)
    const hasNewTimes =
      wanted.cronExpression !== before.cronExpression || wanted.timeZone !== before.timeZone
    // Also of a paused schedule: it checks the times.
    const first = runs || hasNewTimes ? firstRun(wanted, now) : null
    // A run that is due waits for its timer: only other times or a pause take that away.
    const keepsTimer = runs && isOn(before) && !hasNewTimes
    const next = runs ? first : null
    const after = { ...wanted, nextExecutionAt: keepsTimer ? before.nextExecutionAt : next }
    await updateScheduleRow(tx, after, after)
    if (!keepsTimer) await armSchedule(tx, deps, after)
    await deps.functionConfig.activities.record(tx, accountId, actor, {
      topic: 'schedule',
      activity: 'Schedule Update',
      description: `${after.cronExpression} (${after.timeZone})${runs ? '' : ', paused'}`,
      functionId: after.functionId,
    })
    return after
  })
  deps.delivery.wake()
  return toSchedule(row)
}

function isOn({ active, pausedByUndeploy }: ScheduleRow): boolean {
  return active && !pausedByUndeploy
}
