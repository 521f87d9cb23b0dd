export { batchReads } from './batch-reads.ts'
export { type Mails, openMails } from './open.ts'
export type { OrderedMail } from './order-mails.ts'
export type { MailContent, MailDeps } from './room.ts'
