export type { Eraser, PrivacyDeps } from './deps.ts'
export { openPrivacy } from './open.ts'
