import type { Delivery } from '#base/delivery'
import type { Db } from '#base/store'
import type { ScheduleRow } from './repository.ts'

/** The timer that fires a schedule; its key is the schedule's id. */
export const SCHEDULE_TIMER = 'function-schedule'

interface TimerDeps {
  delivery: Delivery
}

/** Arms the timer for the next run; a paused schedule has none. */
export async function armSchedule(
  tx: Db,
  { delivery }: TimerDeps,
  row: Pick<ScheduleRow, 'accountId' | 'scheduleId' | 'nextExecutionAt'>,
): Promise<void> {
  const { accountId, scheduleId: key, nextExecutionAt } = row
  if (!nextExecutionAt) return disarmSchedule(tx, { delivery }, row)
  const timer = { kind: SCHEDULE_TIMER, key, dueAt: nextExecutionAt.getTime(), facts: {} }
  await delivery.armTimer(tx, accountId, timer)
}

export async function disarmSchedule(
  tx: Db,
  { delivery }: TimerDeps,
  { accountId, scheduleId: key }: Pick<ScheduleRow, 'accountId' | 'scheduleId'>,
): Promise<void> {
  await delivery.disarmTimer(tx, accountId, { kind: SCHEDULE_TIMER, key })
}
