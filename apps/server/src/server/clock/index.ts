export { openClock } from './open.ts'
