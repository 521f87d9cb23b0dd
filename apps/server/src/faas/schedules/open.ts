import { z } from 'zod'
import { fireSchedule } from './fire.ts'
import type { SchedulesRoom } from './room.ts'
import { SCHEDULE_TIMER } from './timer.ts'

export interface Schedules {
  readonly room: SchedulesRoom
}

/** Runs schedules when their time has come: once per due time, on whichever node takes the timer. */
export function openSchedules(room: SchedulesRoom): Schedules {
  room.delivery.onTimer({
    kind: SCHEDULE_TIMER,
    facts: z.object({}),
    // A failing function is an outcome, not a reason to run it again before its next time.
    retryDelaysMs: [1_000, 5_000, 15_000],
    fire: (timer) => fireSchedule(room, timer),
  })
  return { room }
}
