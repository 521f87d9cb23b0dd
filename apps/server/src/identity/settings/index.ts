export { openSettings, type Settings } from './open.ts'
