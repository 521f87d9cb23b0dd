import type { Schedule, ScheduleRun } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import { toSchedule, toScheduleRun } from './describe.ts'
import { findSchedule, findScheduleRuns, findSchedules, type ScheduleRow } from './repository.ts'
import type { SchedulesDeps } from './deps.ts'

export async function listSchedules(
  { store }: SchedulesDeps,
  accountId: string,
  functionId?: string,
): Promise<Schedule[]> {
  return (await findSchedules(store.db, accountId, functionId)).map(toSchedule)
}

export async function getSchedule(
  { store }: SchedulesDeps,
  accountId: string,
  scheduleId: string,
): Promise<Schedule> {
  return toSchedule(await getScheduleRow(store.db, accountId, scheduleId))
}

export async function getScheduleRow(
  db: Db,
  accountId: string,
  scheduleId: string,
): Promise<ScheduleRow> {
  const row = await findSchedule(db, accountId, scheduleId)
  if (!row) throw scheduleNotFound(scheduleId)
  return row
}

export async function listScheduleRuns(
  { store }: SchedulesDeps,
  accountId: string,
  scheduleId: string,
  limit: number,
): Promise<ScheduleRun[]> {
  await getScheduleRow(store.db, accountId, scheduleId)
  return (await findScheduleRuns(store.db, accountId, scheduleId, limit)).map(toScheduleRun)
}

export function scheduleNotFound(scheduleId: string): ParleyError {
  return new ParleyError('schedule_not_found', `There is no schedule ${scheduleId}`)
}
