export type { Erased, Erasing } from './deps.ts'
export { openPrivacy, type Privacy } from './open.ts'
