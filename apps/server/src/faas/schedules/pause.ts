import type { Delivery } from '#base/delivery'
import type { Db } from '#base/store'
import { findSchedules, updateScheduleRow } from './repository.ts'
import { disarmSchedule } from './timer.ts'

/** Pauses the function's schedules, as part of the transaction that takes the function out of service. */
export async function pauseSchedules(
  deps: { delivery: Delivery },
  tx: Db,
  accountId: string,
  functionId: string,
): Promise<void> {
  for (const row of await findSchedules(tx, accountId, functionId)) {
    await updateScheduleRow(tx, row, { pausedByUndeploy: true, nextExecutionAt: null })
    await disarmSchedule(tx, deps, row)
  }
}
