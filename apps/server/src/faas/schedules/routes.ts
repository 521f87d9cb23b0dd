import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import { changeSchedule } from './change.ts'
import { createSchedule } from './create.ts'
import { nextRuns } from './cron.ts'
import { deleteSchedule } from './delete.ts'
import { getSchedule, listScheduleRuns, listSchedules } from './read.ts'
import type { SchedulesDeps } from './deps.ts'
import { runScheduleNow } from './run-now.ts'

/** The native API of this module. */
export function scheduleRoutes({ app }: Http, deps: SchedulesDeps): void {
  route(app, contract.listSchedules, async ({ params, query }) => ({
    schedules: await listSchedules(deps, params.accountId, query.functionId),
  }))
  route(app, contract.getSchedule, async ({ params }) => {
    const schedule = await getSchedule(deps, params.accountId, params.scheduleId)
    return { ...schedule, nextRuns: previewRuns(deps, schedule, 5) }
  })
  route(app, contract.createSchedule, ({ params, body, principal }) =>
    createSchedule(deps, params.accountId, principal.name, body),
  )
  route(app, contract.changeSchedule, ({ params, body, principal }) =>
    changeSchedule(deps, params.accountId, principal.name, params.scheduleId, body),
  )
  route(app, contract.deleteSchedule, ({ params, principal }) =>
    deleteSchedule(deps, params.accountId, principal.name, params.scheduleId),
  )
  route(app, contract.listScheduleRuns, async ({ params, query }) => ({
    runs: await listScheduleRuns(deps, params.accountId, params.scheduleId, query.limit),
  }))
  route(app, contract.runSchedule, ({ params }) =>
    runScheduleNow(deps, params.accountId, params.scheduleId),
  )
  route(app, contract.previewSchedule, async ({ params, body }) => {
    const { cronExpression, count } = body
    const timeZone = body.timeZone ?? (await deps.settings.get(params.accountId)).timeZone
    return { nextRuns: previewRuns(deps, { cronExpression, timeZone }, count) }
  })
}

function previewRuns(
  { clock }: SchedulesDeps,
  times: { cronExpression: string; timeZone: string },
  count: number,
): string[] {
  return nextRuns(times, clock.now(), count).map((at) => at.toISOString())
}
