import type { Delivery } from '#base/delivery'
import type { Db } from '#base/store'
import { findSchedules, updateScheduleRow } from './repository.ts'
import { disarmSchedule } from './timer.ts'

/** Part of the transaction that takes a function out of service. */
export async function pauseSchedulesOf(
  tx: Db,
  deps: { delivery: Delivery },
  accountId: string,
  functionId: string,
): Promise<void> {
  for (const row of await findSchedules(tx, accountId, functionId)) {
    await updateScheduleRow(tx, row, { pausedByUndeploy: true, nextExecutionAt: null })
    await disarmSchedule(tx, deps, row)
  }
}
