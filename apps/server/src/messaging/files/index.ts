export type { FileGrant } from './deps.ts'
export { type Files, openFiles } from './open.ts'
