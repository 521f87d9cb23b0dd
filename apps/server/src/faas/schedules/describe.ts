import type { Schedule, ScheduleRun } from '@parley/contract'
import type { ScheduleRow, ScheduleRunRow } from './repository.ts'

export function toSchedule(row: ScheduleRow): Schedule {
  return {
    scheduleId: row.scheduleId,
    functionId: row.functionId,
    cronExpression: row.cronExpression,
    timeZone: row.timeZone,
    payload: row.payload,
    active: row.active,
    pausedByUndeploy: row.pausedByUndeploy,
    missedRuns: row.missedRuns,
    ...(row.nextExecutionAt && { nextExecutionAt: row.nextExecutionAt.toISOString() }),
    ...(row.lastExecutionAt && { lastExecutionAt: row.lastExecutionAt.toISOString() }),
    ...(row.lastExecutionFailed !== null && { lastExecutionFailed: row.lastExecutionFailed }),
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    updatedAt: row.updatedAt.toISOString(),
    updatedBy: row.updatedBy,
  }
}

export function toScheduleRun(row: ScheduleRunRow): ScheduleRun {
  return {
    dueAt: row.dueAt.toISOString(),
    cause: row.cause,
    invocationId: row.invocationId,
    startedAt: row.startedAt.toISOString(),
    durationMs: row.durationMs,
    failed: row.failed,
    ...(row.errorCode !== null && { errorCode: row.errorCode }),
  }
}
