export { openSchedules, type Schedules } from './open.ts'
export { pauseSchedules } from './pause.ts'
