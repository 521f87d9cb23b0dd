export { openBoard } from './open.ts'
