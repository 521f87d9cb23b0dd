import type { Schedule, ScheduleDraft } from '@parley/contract'
import { lockAccount } from '#identity/credentials'
import { ParleyError } from '#base/kernel'
import { type Actor, limitsOf, recordActivity } from '#faas/function-config'
import { checkPayload, firstRun, requireDeployed } from './checks.ts'
import { toSchedule } from './describe.ts'
import { deleteScheduleRow, findSchedules, insertSchedule, type ScheduleRow } from './repository.ts'
import type { SchedulesRoom } from './room.ts'
import { armSchedule } from './timer.ts'

/** `replacePaused` deletes what undeploying paused: the published API shows that as deleted. */
export async function createSchedule(
  room: SchedulesRoom,
  accountId: string,
  actor: Actor,
  draft: ScheduleDraft,
  options: { replacePaused?: boolean } = {},
): Promise<Schedule> {
  const limits = await limitsOf(room, accountId)
  checkPayload(draft.payload, limits.schedulePayloadCharacters)
  const at = new Date(room.clock.now())
  const row: ScheduleRow = {
    accountId,
    scheduleId: room.ids.uuid(),
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
  await room.store.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const owner = await requireDeployed(tx, accountId, draft.functionId)
    const others = await findSchedules(tx, accountId)
    for (const other of others) {
      if (!options.replacePaused || !other.pausedByUndeploy) continue
      if (other.functionId === draft.functionId) {
        await deleteScheduleRow(tx, accountId, other.scheduleId)
      }
    }
    if (others.filter((other) => !other.pausedByUndeploy).length >= limits.schedules) {
      throw new ParleyError(
        'schedule_limit_reached',
        `The account may have ${limits.schedules} schedules`,
      )
    }
    await insertSchedule(tx, row)
    await armSchedule(tx, room, row)
    await recordActivity(tx, room, accountId, actor, {
      topic: 'schedule',
      activity: 'Schedule Create',
      description: `${owner.name}: ${row.cronExpression} (${row.timeZone})`,
      functionId: row.functionId,
    })
  })
  room.delivery.wake()
  return toSchedule(row)
}
