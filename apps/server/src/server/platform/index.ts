export { openPlatform } from './open.ts'
