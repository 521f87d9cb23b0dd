import { type Actor, recordActivity } from '#faas/function-config'
import { scheduleNotFound } from './read.ts'
import { deleteScheduleRow, lockSchedule } from './repository.ts'
import type { SchedulesRoom } from './room.ts'
import { disarmSchedule } from './timer.ts'

export async function deleteSchedule(
  room: SchedulesRoom,
  accountId: string,
  actor: Actor,
  scheduleId: string,
): Promise<void> {
  await room.store.transaction(async (tx) => {
    const row = await lockSchedule(tx, accountId, scheduleId)
    if (!row) throw scheduleNotFound(scheduleId)
    await disarmSchedule(tx, room, row)
    await deleteScheduleRow(tx, accountId, scheduleId)
    await recordActivity(tx, room, accountId, actor, {
      topic: 'schedule',
      activity: 'Schedule Delete',
      description: `${row.cronExpression} (${row.timeZone})`,
      functionId: row.functionId,
    })
  })
}
