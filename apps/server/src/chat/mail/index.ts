export type { ChatSight } from './chat-sight.ts'
export type { MailContent } from './deps.ts'
export type { QueuedMail } from './enqueue-mails.ts'
export { type Mails, openMail } from './open.ts'
