export type { ChatDeps } from './deps.ts'
export { type LiveChat, openChat } from './open.ts'
