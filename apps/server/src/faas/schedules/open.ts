import * as z from 'zod'
import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import { bringBackSchedules } from './bring-back.ts'
import { changeSchedule } from './change.ts'
import { createSchedule } from './create.ts'
import { deleteSchedule } from './delete.ts'
import type { SchedulesDeps } from './deps.ts'
import { fireSchedule, giveUpDueTime } from './fire.ts'
import { getSchedule, listSchedules } from './read.ts'
import { scheduleRoutes } from './routes.ts'
import { SCHEDULE_TIMER } from './timer.ts'

/** Functions that run at set times. */
export type Schedules = ReturnType<typeof openSchedules>

/** Runs each due schedule once, on the node that takes its timer. */
export function openSchedules(deps: SchedulesDeps) {
  deps.delivery.onTimer({
    kind: SCHEDULE_TIMER,
    workers: 'functions',
    facts: z.object({}),
    // A failing function is an outcome, not a reason to run it again before its next time.
    retryDelaysMs: [1_000, 5_000, 15_000],
    fire: (timer) => fireSchedule(deps, timer),
    exhausted: { goOn: (timer, letter) => giveUpDueTime(deps, timer, letter) },
  })
  return {
    ...withDeps(deps, {
      list: listSchedules,
      get: getSchedule,
      create: createSchedule,
      change: changeSchedule,
      delete: deleteSchedule,
      bringBack: bringBackSchedules,
    }),
    routes: (http: Http) => scheduleRoutes(http, deps),
  }
}
