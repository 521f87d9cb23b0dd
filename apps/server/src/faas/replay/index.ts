export { openReplay } from './open.ts'
