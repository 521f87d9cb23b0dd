import type { Actor } from '#faas/function-config'
import { scheduleNotFound } from './read.ts'
import { deleteScheduleRow, lockSchedule } from './repository.ts'
import type { SchedulesDeps } from './deps.ts'
import { disarmSchedule } from './timer.ts'

export async function deleteSchedule(
  deps: SchedulesDeps,
  accountId: string,
  actor: Actor,
  scheduleId: string,
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const row = await lockSchedule(tx, accountId, scheduleId)
    if (!row) throw scheduleNotFound(scheduleId)
    await disarmSchedule(tx, deps, row)
    await deleteScheduleRow(tx, accountId, scheduleId)
    await deps.functionConfig.activities.record(tx, accountId, actor, {
      topic: 'schedule',
      activity: 'Schedule Delete',
      description: `${row.cronExpression} (${row.timeZone})`,
      functionId: row.functionId,
    })
  })
}
