import { tellChange, tellRuns } from '#base/changes'
import type { Timer } from '#base/delivery'
import type { Db, DeadLetterInsert } from '#base/store'
import { nextRun } from './cron.ts'
import { findSchedule, lockSchedule, type ScheduleRow, updateScheduleRow } from './repository.ts'
import type { SchedulesDeps } from './deps.ts'
import { invocationIdAt, noteLostRun, noteRun, runOf, runOnce } from './runs.ts'
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
  const record =
    runs &&
    !(isMissed && row.missedRuns === 'skip') &&
    (await runOnce(deps, row, invocationIdAt(scheduleId, dueAt)))
  await store.transaction(async (tx) => {
    await armNext(deps, tx, timer, row)
    if (!row) return
    const cause = isMissed ? 'missed' : 'due'
    if (record) await noteRun(deps, tx, record, runOf(row, record, { dueAt, cause }))
  })
  if (record) tellRuns(store, [record])
  tellChange(store, accountId, { topic: 'schedules', id: scheduleId })
  delivery.wake()
}

/** No attempt of this due time could be stored: the schedule goes on with its next time, and its history says why. */
export async function giveUpDueTime(
  deps: SchedulesDeps,
  timer: Timer<object>,
  { cause, firstAttemptAt }: DeadLetterInsert,
): Promise<void> {
  const { accountId, key: scheduleId, dueAt } = timer
  const { logger, store } = deps
  const goOn = async (tx: Db): Promise<ScheduleRow | undefined> => {
    const row = await findSchedule(tx, accountId, scheduleId)
    await armNext(deps, tx, timer, row)
    return row
  }
  logger.error({ accountId, scheduleId, dueAt, cause }, 'A schedule missed a due time')
  try {
    await store.transaction(async (tx) => {
      const row = await goOn(tx)
      if (row) await noteLostRun(tx, row, { dueAt, startedAt: firstAttemptAt })
    })
  } catch (err) {
    // What cannot be noted must not keep the schedule from running.
    logger.error({ err, accountId, scheduleId }, 'The history lacks a due time that was missed')
    await store.transaction(goOn)
  }
}

/** Ends the timer and arms the schedule's next one. */
async function armNext(
  deps: SchedulesDeps,
  tx: Db,
  timer: Timer<object>,
  row: ScheduleRow | undefined,
): Promise<void> {
  // All transactions lock a schedule before its timer.
  await lockSchedule(tx, timer.accountId, timer.key)
  const isOurs = await deps.delivery.endTimer(tx, timer)
  // A change of the schedule meanwhile has armed its next run, or none.
  if (!row || !isOurs) return
  const runs = row.active && !row.pausedByUndeploy
  const next = runs ? nextRun(row, Math.max(timer.dueAt, deps.clock.now())) : undefined
  const nextExecutionAt = next ?? null
  await updateScheduleRow(tx, row, { nextExecutionAt })
  await armSchedule(tx, deps, { ...row, nextExecutionAt })
}
