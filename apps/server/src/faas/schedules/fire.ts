import type { Timer } from '#base/delivery'
import { nextRun } from './cron.ts'
import { findSchedule, lockSchedule, updateScheduleRow } from './repository.ts'
import type { SchedulesDeps } from './deps.ts'
import { noteRun, runOf, runOnce } from './runs.ts'
import { armSchedule } from './timer.ts'

/** A run that starts later than this counts as missed. */
const LATE_MS = 60_000

/** Runs the function. Then ends the timer, arms the next one and stores the run, in one transaction. */
export async function fireSchedule(deps: SchedulesDeps, timer: Timer<object>): Promise<void> {
  const { accountId, key: scheduleId, dueAt } = timer
  const { clock, delivery, store } = deps
  const row = await findSchedule(store.db, accountId, scheduleId)
  const isMissed = clock.now() - dueAt > LATE_MS
  const runs = row && row.active && !row.pausedByUndeploy
  const record = runs && !(isMissed && row.missedRuns === 'skip') && (await runOnce(deps, row))
  const next = runs ? nextRun(row, Math.max(dueAt, clock.now())) : undefined
  await store.transaction(async (tx) => {
    // All transactions lock a schedule before its timer.
    await lockSchedule(tx, accountId, scheduleId)
    const isOurs = await delivery.endTimer(tx, timer)
    if (!row) return
    // A change of the schedule meanwhile has armed its next run, or none.
    if (isOurs) {
      const nextExecutionAt = next ?? null
      await updateScheduleRow(tx, row, { nextExecutionAt })
      await armSchedule(tx, deps, { ...row, nextExecutionAt })
    }
    const cause = isMissed ? 'missed' : 'due'
    if (record) await noteRun(deps, tx, record, runOf(row, record, { dueAt, cause }))
  })
  delivery.wake()
}
