export { openInvitations } from './open.ts'
