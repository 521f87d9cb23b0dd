import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import { changeSchedule } from './change.ts'
import { createSchedule } from './create.ts'
import { nextRuns } from './cron.ts'
import { deleteSchedule } from './delete.ts'
import type { Schedules } from './open.ts'
import { getSchedule, listScheduleRuns, listSchedules } from './read.ts'
import type { SchedulesRoom } from './room.ts'
import { runScheduleNow } from './run-now.ts'

/** Mounts the native API of this room. */
export function mountSchedules({ app }: Http, { room }: Schedules): void {
  route(app, contract.listSchedules, async ({ params, query }) => ({
    schedules: await listSchedules(room, params.accountId, query.functionId),
  }))
  route(app, contract.getSchedule, async ({ params }) => {
    const schedule = await getSchedule(room, params.accountId, params.scheduleId)
    return { ...schedule, nextRuns: previewRuns(room, schedule, 5) }
  })
  route(app, contract.createSchedule, ({ params, body, principal }) =>
    createSchedule(room, params.accountId, principal.name, body),
  )
  route(app, contract.changeSchedule, ({ params, body, principal }) =>
    changeSchedule(room, params.accountId, principal.name, params.scheduleId, body),
  )
  route(app, contract.deleteSchedule, ({ params, principal }) =>
    deleteSchedule(room, params.accountId, principal.name, params.scheduleId),
  )
  route(app, contract.listScheduleRuns, async ({ params, query }) => ({
    runs: await listScheduleRuns(room, params.accountId, params.scheduleId, query.limit),
  }))
  route(app, contract.runSchedule, ({ params }) =>
    runScheduleNow(room, params.accountId, params.scheduleId),
  )
  route(app, contract.previewSchedule, ({ body: { count, ...times } }) => ({
    nextRuns: previewRuns(room, times, count),
  }))
}

function previewRuns(
  { clock }: SchedulesRoom,
  times: { cronExpression: string; timeZone: string },
  count: number,
): string[] {
  return nextRuns(times, clock.now(), count).map((at) => at.toISOString())
}
