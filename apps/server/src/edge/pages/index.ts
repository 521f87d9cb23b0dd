export { openPages } from './open.ts'
