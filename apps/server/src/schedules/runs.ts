import type { InvocationHead } from '#records'
import type { Store } from '#store'
import {
  insertScheduleRun,
  type ScheduleRow,
  type ScheduleRunRow,
  updateScheduleRow,
} from './repository.ts'
import type { SchedulesRoom } from './room.ts'

/** What is run without an event is called by whoever runs it. */
const SOURCE = 'schedule'

/** Runs the schedule's function; `undefined`: it is not deployed, or switched off. */
export function runOnce(
  { invocations }: SchedulesRoom,
  { accountId, functionId, payload }: ScheduleRow,
): Promise<InvocationHead | undefined> {
  return invocations.runFunction(accountId, { functionId, payload, source: SOURCE })
}

/** The entry of the history. */
export function runOf(
  { accountId, scheduleId }: ScheduleRow,
  head: InvocationHead,
  { dueAt, cause }: { dueAt: number; cause: ScheduleRunRow['cause'] },
): ScheduleRunRow {
  return {
    accountId,
    scheduleId,
    dueAt: new Date(dueAt),
    cause,
    invocationId: head.invocationId,
    startedAt: head.startedAt,
    durationMs: Math.round(head.durationMs),
    failed: head.outcome !== 'SUCCEEDED',
    errorCode: head.errorCode ?? null,
  }
}

export async function noteRun({ db }: Store, run: ScheduleRunRow): Promise<void> {
  await updateScheduleRow(db, run, {
    lastExecutionAt: run.startedAt,
    lastExecutionFailed: run.failed,
  })
  await insertScheduleRun(db, run)
}
