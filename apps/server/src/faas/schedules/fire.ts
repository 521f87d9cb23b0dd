import { tellChange, tellRuns } from '#base/changes'
import type { Timer } from '#base/delivery'
import type { Db, DeadLetterInsert } from '#base/store'
import { nextRun, nextRuns } from './cron.ts'
import { findSchedule, lockSchedule, type ScheduleRow, updateScheduleRow } from './repository.ts'
import type { SchedulesDeps } from './deps.ts'
import { invocationIdAt, noteLostRun, noteNotRun, noteRun, runOf, runOnce } from './runs.ts'
import { armSchedule } from './timer.ts'

/** A run that starts later than this counts as missed. */
const LATE_MS = 60_000

/** Of one absence the history has the due times that were missed first: those of every minute of a week would fill it. */
const MAX_NOTED = 20

/**
 * Runs the function. Then ends the timer, arms the next one and stores the run, in one transaction, with the due times that had no
 * run.
 */
export async function fireSchedule(deps: SchedulesDeps, timer: Timer<object>): Promise<void> {
  const { accountId, key: scheduleId, dueAt } = timer
  const { clock, delivery, store } = deps
  const row = await findSchedule(store.db, accountId, scheduleId)
  const isMissed = clock.now() - dueAt > LATE_MS
  const runs = row && row.active && !row.pausedByUndeploy
  const isLeftOut = isMissed && row?.missedRuns === 'skip'
  const record = runs && !isLeftOut && (await runOnce(deps, row, invocationIdAt(scheduleId, dueAt)))
  await store.transaction(async (tx) => {
    const armed = await armNext(deps, tx, timer, row)
    if (!row) return
    const cause = isMissed ? 'missed' : 'due'
    if (record) await noteRun(deps, tx, record, runOf(row, record, { dueAt, cause }))
    if (!armed) return
    const reason = isLeftOut ? 'missed' : 'functions_disabled'
    if (!record) await noteNotRun(tx, row, { dueAt, cause, reason, at: armed.at })
    await notePassed(tx, row, armed)
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
  const goOn = async (tx: Db) => {
    const row = await findSchedule(tx, accountId, scheduleId)
    return { row, armed: await armNext(deps, tx, timer, row) }
  }
  logger.error({ accountId, scheduleId, dueAt, cause }, 'A schedule missed a due time')
  try {
    await store.transaction(async (tx) => {
      const { row, armed } = await goOn(tx)
      if (!row) return
      await noteLostRun(tx, row, { dueAt, startedAt: firstAttemptAt })
      if (armed) await notePassed(tx, row, armed)
    })
  } catch (err) {
    // What cannot be noted must not keep the schedule from running.
    logger.error({ err, accountId, scheduleId }, 'The history lacks a due time that was missed')
    await store.transaction(goOn)
  }
}

/** When the next run was armed, and the due times after the timer's that had passed by then. */
interface Armed {
  at: number
  passed: number[]
}

async function notePassed(tx: Db, row: ScheduleRow, { at, passed }: Armed): Promise<void> {
  for (const dueAt of passed) {
    await noteNotRun(tx, row, { dueAt, cause: 'missed', reason: 'missed', at })
  }
}

/**
 * Ends the timer and arms the schedule's next one.
 * @returns `undefined` when a change of the schedule has armed its next run, or none
 */
async function armNext(
  deps: SchedulesDeps,
  tx: Db,
  timer: Timer<object>,
  row: ScheduleRow | undefined,
): Promise<Armed | undefined> {
  // All transactions lock a schedule before its timer.
  await lockSchedule(tx, timer.accountId, timer.key)
  const isOurs = await deps.delivery.endTimer(tx, timer)
  if (!row || !isOurs) return undefined
  const at = deps.clock.now()
  const runs = row.active && !row.pausedByUndeploy
  const next = runs ? nextRun(row, Math.max(timer.dueAt, at)) : undefined
  const nextExecutionAt = next ?? null
  await updateScheduleRow(tx, row, { nextExecutionAt })
  await armSchedule(tx, deps, { ...row, nextExecutionAt })
  if (!runs) return undefined
  const since = nextRuns(row, timer.dueAt, MAX_NOTED - 1).map((due) => due.getTime())
  return { at, passed: since.filter((due) => due <= at) }
}
