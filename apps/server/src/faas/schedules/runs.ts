import { openSecretMask } from '#base/kit'
import { uuidOf } from '#base/kernel'
import type { InvocationRecord } from '#faas/records'
import type { Db } from '#base/store'
import {
  insertDueTime,
  type ScheduleRow,
  type NewScheduleRun,
  type ScheduleRunRow,
  updateScheduleRow,
  upsertScheduleRun,
} from './repository.ts'
import type { SchedulesDeps } from './deps.ts'

/** Why a due time has no run: none could be stored, its time was over before it began, or functions were switched off. */
type Reason = 'not_stored' | 'missed' | 'functions_disabled'

/** Runs the schedule's function. `undefined` when it is not deployed, or functions are switched off. */
export function runOnce(
  { invocations }: SchedulesDeps,
  { accountId, functionId, payload }: ScheduleRow,
  invocationId?: string,
): Promise<InvocationRecord | undefined> {
  return invocations.runFunction(accountId, {
    functionId,
    payload,
    source: 'schedule',
    ...(invocationId !== undefined && { invocationId }),
  })
}

/** The id of the invocation of one due time: the same for each attempt, so that the function can tell a repetition. */
export function invocationIdAt(scheduleId: string, dueAt: number): string {
  return uuidOf(`schedule ${scheduleId} ${dueAt}`)
}

/** The entry of the history. */
export function runOf(
  { accountId, scheduleId }: ScheduleRow,
  record: InvocationRecord,
  { dueAt, cause }: { dueAt: number; cause: ScheduleRunRow['cause'] },
): NewScheduleRun {
  return {
    accountId,
    scheduleId,
    dueAt: new Date(dueAt),
    cause,
    invocationId: record.invocationId,
    startedAt: record.startedAt,
    durationMs: Math.round(record.durationMs),
    failed: record.outcome !== 'SUCCEEDED',
    errorCode: record.errorCode ?? null,
  }
}

/** Stores the record of a run and its entry in the history, even if its schedule was changed meanwhile. */
export async function noteRun(
  { records }: Pick<SchedulesDeps, 'records'>,
  tx: Db,
  record: InvocationRecord,
  run: NewScheduleRun,
): Promise<void> {
  await records.insert(tx, [record])
  const { numUpdatedRows } = await updateScheduleRow(tx, run, {
    lastExecutionAt: run.startedAt,
    lastExecutionFailed: run.failed,
  })
  const isDeleted = numUpdatedRows === 0n
  if (!isDeleted) await upsertScheduleRun(tx, run)
}

/** Notes that a due time has no run that is stored: each of its attempts failed. */
export async function noteLostRun(
  tx: Db,
  row: ScheduleRow,
  { dueAt, startedAt }: { dueAt: number; startedAt: number },
): Promise<void> {
  const lastExecutionAt = new Date(startedAt)
  await updateScheduleRow(tx, row, { lastExecutionAt, lastExecutionFailed: true })
  await noteNotRun(tx, row, { dueAt, cause: 'due', reason: 'not_stored', at: startedAt })
}

/** Notes that a due time has no run, and why. */
export async function noteNotRun(
  tx: Db,
  { accountId, scheduleId }: ScheduleRow,
  is: { dueAt: number; cause: ScheduleRunRow['cause']; reason: Reason; at: number },
): Promise<void> {
  await insertDueTime(tx, {
    accountId,
    scheduleId,
    dueAt: new Date(is.dueAt),
    cause: is.cause,
    invocationId: invocationIdAt(scheduleId, is.dueAt),
    startedAt: new Date(is.at),
    durationMs: 0,
    failed: true,
    errorCode: openSecretMask().text(is.reason),
  })
}
