import type { InvocationRecord } from '#faas/records'
import type { Db } from '#base/store'
import {
  insertScheduleRun,
  type ScheduleRow,
  type NewScheduleRun,
  type ScheduleRunRow,
  updateScheduleRow,
} from './repository.ts'
import type { SchedulesDeps } from './deps.ts'

/** Runs the schedule's function. `undefined` when it is not deployed, or functions are switched off. */
export function runOnce(
  { invocations }: SchedulesDeps,
  { accountId, functionId, payload }: ScheduleRow,
): Promise<InvocationRecord | undefined> {
  return invocations.runFunction(accountId, { functionId, payload, source: 'schedule' })
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
  if (!isDeleted) await insertScheduleRun(tx, run)
}
