import { tellChange } from '#base/changes'
import { nextRun } from './cron.ts'
import type { SchedulesDeps } from './deps.ts'
import { findSchedules, lockSchedule, type ScheduleRow, updateScheduleRow } from './repository.ts'
import { armSchedule } from './timer.ts'

/** Of two nodes one may be a little ahead: what it has run is not run again. */
const MAX_AHEAD_MS = 3_600_000

/** Schedules that ran, or were made, while a clock was far ahead that has been set back run at their next times by it. */
export async function bringBackSchedules(deps: SchedulesDeps, accountId: string): Promise<void> {
  const { clock, delivery, store } = deps
  for (const { scheduleId } of (await findSchedules(store.db, accountId)).filter(isTooLate)) {
    await store.transaction(async (tx) => {
      const row = await lockSchedule(tx, accountId, scheduleId)
      if (!row || !isTooLate(row)) return
      const nextExecutionAt = nextRun(row, clock.now()) ?? null
      await updateScheduleRow(tx, row, { nextExecutionAt })
      await armSchedule(tx, deps, { ...row, nextExecutionAt })
    })
    tellChange(store, accountId, { topic: 'schedules', id: scheduleId })
    delivery.wake()
  }

  /** One that is due and waits for its timer is not. */
  function isTooLate(row: ScheduleRow): boolean {
    const { nextExecutionAt } = row
    if (!nextExecutionAt) return false
    const latest = nextRun(row, clock.now() + MAX_AHEAD_MS)
    return latest !== undefined && nextExecutionAt > latest
  }
}
