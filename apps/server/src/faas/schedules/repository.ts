import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Db, Tables } from '#base/store'
import { jsonb, lockFirst } from '#base/store'
import { isUuid } from '#base/kernel'

export type ScheduleRow = Selectable<Tables['schedule']>
export type ScheduleRunRow = Selectable<Tables['scheduleRun']>
/** A run that is stored: its function has chosen the error code. */
export type NewScheduleRun = ScheduleRunRow & Pick<Insertable<Tables['scheduleRun']>, 'errorCode'>

export function findSchedules(db: Db, accountId: string, functionId?: string) {
  if (functionId !== undefined && !isUuid(functionId)) return []
  let query = db.selectFrom('schedule').selectAll().where('accountId', '=', accountId)
  if (functionId !== undefined) query = query.where('functionId', '=', functionId)
  return query.orderBy('createdAt').orderBy('scheduleId').execute()
}

export function findSchedule(db: Db, accountId: string, scheduleId: string) {
  return isUuid(scheduleId)
    ? db
        .selectFrom('schedule')
        .selectAll()
        .where('accountId', '=', accountId)
        .where('scheduleId', '=', scheduleId)
        .executeTakeFirst()
    : undefined
}

export function lockSchedule(tx: Db, accountId: string, scheduleId: string) {
  return isUuid(scheduleId)
    ? lockFirst(
        tx
          .selectFrom('schedule')
          .selectAll()
          .where('accountId', '=', accountId)
          .where('scheduleId', '=', scheduleId),
      )
    : undefined
}

export function insertSchedule(tx: Db, row: ScheduleRow) {
  return tx
    .insertInto('schedule')
    .values({ ...row, payload: jsonb(row.payload) })
    .execute()
}

export function updateScheduleRow(
  tx: Db,
  { accountId, scheduleId }: Pick<ScheduleRow, 'accountId' | 'scheduleId'>,
  { payload, ...change }: Updateable<Tables['schedule']>,
) {
  return tx
    .updateTable('schedule')
    .set({ ...change, ...(payload !== undefined && { payload: jsonb(payload) }) })
    .where('accountId', '=', accountId)
    .where('scheduleId', '=', scheduleId)
    .executeTakeFirstOrThrow()
}

export function deleteScheduleRow(tx: Db, accountId: string, scheduleId: string) {
  return tx
    .deleteFrom('schedule')
    .where('accountId', '=', accountId)
    .where('scheduleId', '=', scheduleId)
    .execute()
}

/** A due time comes again where another node's clock is behind: its last run stands in the history. */
export function upsertScheduleRun(tx: Db, row: NewScheduleRun) {
  return tx
    .insertInto('scheduleRun')
    .values(row)
    .onConflict((conflict) => conflict.columns(ONE_RUN).doUpdateSet(row))
    .execute()
}

/** Notes a due time without a run, unless it has one. */
export function insertDueTime(tx: Db, row: NewScheduleRun) {
  return tx
    .insertInto('scheduleRun')
    .values(row)
    .onConflict((conflict) => conflict.columns(ONE_RUN).doNothing())
    .execute()
}

const ONE_RUN = ['accountId', 'scheduleId', 'dueAt', 'invocationId'] as const

export function findScheduleRuns(db: Db, accountId: string, scheduleId: string, limit: number) {
  return db
    .selectFrom('scheduleRun')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('scheduleId', '=', scheduleId)
    .orderBy('startedAt', 'desc')
    .orderBy('dueAt', 'desc')
    .limit(limit)
    .execute()
}
