import * as contract from '@parley/contract'
import { type Http, route } from '#http'
import { nextRuns } from './cron.ts'
import type { FunctionsRoom } from './room.ts'
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  getSchedule,
  listScheduleRuns,
  listSchedules,
} from './schedules.ts'

export function scheduleRoutes({ app }: Http, room: FunctionsRoom): void {
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
  route(app, contract.previewSchedule, ({ body: { count, ...times } }) => ({
    nextRuns: previewRuns(room, times, count),
  }))
}

function previewRuns(
  { clock }: FunctionsRoom,
  times: { cronExpression: string; timeZone: string },
  count: number,
): string[] {
  return nextRuns(times, clock.now(), count).map((at) => at.toISOString())
}
