import type { Schedule, ScheduleChange, ScheduleDraft, ScheduleRun } from '@parley/contract'
import { ParleyError } from '#kernel'
import type { Db } from '#store'
import { type Actor, invalid, limitsOf, recordActivity } from '#surroundings'
import { nextRun } from './cron.ts'
import { functionNotFound } from './read.ts'
import { findFunction } from './repository.ts'
import type { FunctionsRoom } from './room.ts'
import {
  deleteScheduleRow,
  findSchedule,
  findScheduleRuns,
  findSchedules,
  insertSchedule,
  lockSchedule,
  type ScheduleRow,
  type ScheduleRunRow,
  updateScheduleRow,
} from './schedules-repository.ts'

/** The timer that fires a schedule; its key is the schedule's id. */
export const SCHEDULE_TIMER = 'function-schedule'

export async function listSchedules(
  { store }: FunctionsRoom,
  accountId: string,
  functionId?: string,
): Promise<Schedule[]> {
  return (await findSchedules(store.db, accountId, functionId)).map(toSchedule)
}

export async function getSchedule(
  { store }: FunctionsRoom,
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

/** `replacePaused` deletes what undeploying paused: the published API shows that as deleted. */
export async function createSchedule(
  room: FunctionsRoom,
  accountId: string,
  actor: Actor,
  draft: ScheduleDraft,
  options: { replacePaused?: boolean } = {},
): Promise<Schedule> {
  const limits = await limitsOf(room, accountId)
  checkPayload(draft.payload, limits.schedulePayloadCharacters)
  const at = new Date(room.clock.now())
  const row: ScheduleRow = {
    accountId,
    scheduleId: room.ids.uuid(),
    ...draft,
    pausedByUndeploy: false,
    nextExecutionAt: draft.active ? firstRun(draft, at.getTime()) : null,
    lastExecutionAt: null,
    lastExecutionFailed: null,
    createdAt: at,
    createdBy: actor,
    updatedAt: at,
    updatedBy: actor,
  }
  await room.store.transaction(async (tx) => {
    const owner = await requireDeployed(tx, accountId, draft.functionId)
    const others = await findSchedules(tx, accountId)
    for (const other of others) {
      if (!options.replacePaused || !other.pausedByUndeploy) continue
      if (other.functionId === draft.functionId) {
        await deleteScheduleRow(tx, accountId, other.scheduleId)
      }
    }
    if (others.filter((other) => !other.pausedByUndeploy).length >= limits.schedules) {
      throw new ParleyError(
        'schedule_limit_reached',
        `The account may have ${limits.schedules} schedules`,
      )
    }
    await insertSchedule(tx, row)
    await armSchedule(tx, room, row)
    await recordActivity(tx, room, accountId, actor, {
      topic: 'schedule',
      activity: 'Schedule Create',
      description: `${owner.name}: ${row.cronExpression} (${row.timeZone})`,
      functionId: row.functionId,
    })
  })
  room.delivery.wake()
  return toSchedule(row)
}

export async function changeSchedule(
  room: FunctionsRoom,
  accountId: string,
  actor: Actor,
  scheduleId: string,
  change: ScheduleChange,
): Promise<Schedule> {
  const limits = await limitsOf(room, accountId)
  if (change.payload !== undefined) {
    checkPayload(change.payload, limits.schedulePayloadCharacters)
  }
  const row = await room.store.transaction(async (tx) => {
    const before = await lockSchedule(tx, accountId, scheduleId)
    if (!before) throw scheduleNotFound(scheduleId)
    const now = room.clock.now()
    const wanted: ScheduleRow = {
      ...before,
      cronExpression: change.cronExpression ?? before.cronExpression,
      timeZone: change.timeZone ?? before.timeZone,
      payload: change.payload ?? before.payload,
      active: change.active ?? before.active,
      missedRuns: change.missedRuns ?? before.missedRuns,
      pausedByUndeploy: change.active === true ? false : before.pausedByUndeploy,
      updatedAt: new Date(now),
      updatedBy: actor,
    }
    const runs = wanted.active && !wanted.pausedByUndeploy
    if (runs) await requireDeployed(tx, accountId, wanted.functionId)
    const after = { ...wanted, nextExecutionAt: runs ? firstRun(wanted, now) : null }
    await updateScheduleRow(tx, after, after)
    await armSchedule(tx, room, after)
    await recordActivity(tx, room, accountId, actor, {
      topic: 'schedule',
      activity: 'Schedule Update',
      description: `${after.cronExpression} (${after.timeZone})${runs ? '' : ', paused'}`,
      functionId: after.functionId,
    })
    return after
  })
  room.delivery.wake()
  return toSchedule(row)
}

export async function deleteSchedule(
  room: FunctionsRoom,
  accountId: string,
  actor: Actor,
  scheduleId: string,
): Promise<void> {
  await room.store.transaction(async (tx) => {
    const row = await lockSchedule(tx, accountId, scheduleId)
    if (!row) throw scheduleNotFound(scheduleId)
    await room.delivery.disarmTimer(tx, accountId, { kind: SCHEDULE_TIMER, key: scheduleId })
    await deleteScheduleRow(tx, accountId, scheduleId)
    await recordActivity(tx, room, accountId, actor, {
      topic: 'schedule',
      activity: 'Schedule Delete',
      description: `${row.cronExpression} (${row.timeZone})`,
      functionId: row.functionId,
    })
  })
}

/** Part of the transaction that takes a function out of service. */
export async function pauseSchedulesOf(
  tx: Db,
  { delivery }: Pick<FunctionsRoom, 'delivery'>,
  accountId: string,
  functionId: string,
): Promise<void> {
  for (const row of await findSchedules(tx, accountId, functionId)) {
    const paused = { pausedByUndeploy: true, nextExecutionAt: null }
    await updateScheduleRow(tx, row, paused)
    await delivery.disarmTimer(tx, accountId, { kind: SCHEDULE_TIMER, key: row.scheduleId })
  }
}

export async function listScheduleRuns(
  { store }: FunctionsRoom,
  accountId: string,
  scheduleId: string,
  limit: number,
): Promise<ScheduleRun[]> {
  await getScheduleRow(store.db, accountId, scheduleId)
  return (await findScheduleRuns(store.db, accountId, scheduleId, limit)).map(toScheduleRun)
}

async function armSchedule(tx: Db, { delivery }: FunctionsRoom, row: ScheduleRow): Promise<void> {
  const { accountId, scheduleId: key, nextExecutionAt } = row
  if (!nextExecutionAt) {
    await delivery.disarmTimer(tx, accountId, { kind: SCHEDULE_TIMER, key })
    return
  }
  const timer = { kind: SCHEDULE_TIMER, key, dueAt: nextExecutionAt.getTime(), facts: {} }
  await delivery.armTimer(tx, accountId, timer)
}

function firstRun(times: Pick<ScheduleRow, 'cronExpression' | 'timeZone'>, now: number): Date {
  const next = nextRun(times, now)
  if (!next) throw invalid('cronExpression', `"${times.cronExpression}" never comes true`)
  return next
}

async function requireDeployed(tx: Db, accountId: string, functionId: string) {
  const owner = await findFunction(tx, accountId, functionId)
  if (!owner) throw functionNotFound(accountId, functionId)
  if (owner.liveDeploymentId === null) {
    throw new ParleyError(
      'deployment_required',
      `Only deployed functions run by a schedule: deploy "${owner.name}" first`,
    )
  }
  return owner
}

function checkPayload(payload: unknown, maxCharacters: number): void {
  if ((JSON.stringify(payload) ?? '').length > maxCharacters) {
    throw invalid('payload', `must have at most ${maxCharacters} characters`)
  }
}

function scheduleNotFound(scheduleId: string): ParleyError {
  return new ParleyError('schedule_not_found', `There is no schedule ${scheduleId}`)
}

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
