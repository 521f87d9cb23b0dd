import type { ScheduleRun } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { toScheduleRun } from './describe.ts'
import { getScheduleRow } from './read.ts'
import type { SchedulesRoom } from './room.ts'
import { noteRun, runOf, runOnce } from './runs.ts'

/** Besides its own times, for somebody who waits for the answer. */
export async function runScheduleNow(
  room: SchedulesRoom,
  accountId: string,
  scheduleId: string,
): Promise<ScheduleRun> {
  const row = await getScheduleRow(room.store.db, accountId, scheduleId)
  const dueAt = room.clock.now()
  const record = await runOnce(room, row)
  if (!record) {
    throw new ParleyError('deployment_required', 'The function of this schedule is not deployed')
  }
  const run = runOf(row, record, { dueAt, cause: 'manual' })
  await room.store.transaction((tx) => noteRun(tx, record, run))
  return toScheduleRun(run)
}
