import type { Schedule, ScheduleDraft } from '@parley/contract'
import { lockAccount } from '#base/kit'
import type { Actor } from '#faas/function-config'
import { checkPayload, checkRoom, firstRun, requireDeployed } from './checks.ts'
import { toSchedule } from './describe.ts'
import { deleteScheduleRow, findSchedules, insertSchedule, type ScheduleRow } from './repository.ts'
import type { SchedulesDeps } from './deps.ts'
import { armSchedule } from './timer.ts'

/** `replacePaused` deletes schedules that undeploying paused: the published API shows them as deleted. */
export async function createSchedule(
  deps: SchedulesDeps,
  accountId: string,
  actor: Actor,
  draft: ScheduleDraft,
  options: { replacePaused?: boolean } = {},
): Promise<Schedule> {
  const limits = await deps.functionConfig.limitsOf(accountId)
  checkPayload(draft.payload, limits.schedulePayloadCharacters)
  const at = new Date(deps.clock.now())
  const row: ScheduleRow = {
    accountId,
    scheduleId: deps.ids.uuid(),
    ...draft,
    pausedByUndeploy: false,
    nextExecutionAt: draft.active ? firstRun(draft, at.getTime()) : null,
    lastExecutionAt: null,
    lastExecutionFailed: null,
    createdAt: at,
    createdBy: actor,
    updatedAt: at,
    updatedBy: actor,
  }
  await deps.store.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const owner = await requireDeployed(deps, tx, accountId, draft.functionId)
    const others = await findSchedules(tx, accountId)
    const isGone = (other: ScheduleRow) => options.replacePaused && other.pausedByUndeploy
    for (const other of others) {
      if (!isGone(other) || other.functionId !== draft.functionId) continue
      await deleteScheduleRow(tx, accountId, other.scheduleId)
    }
    checkRoom(others.filter((other) => !isGone(other)).length, limits)
    await insertSchedule(tx, row)
    await armSchedule(tx, deps, row)
    await deps.functionConfig.activities.record(tx, accountId, actor, {
      topic: 'schedule',
      activity: 'Schedule Create',
      description: `${owner.name}: ${row.cronExpression} (${row.timeZone})`,
      functionId: row.functionId,
    })
  })
  deps.delivery.wake()
  return toSchedule(row)
}
