import type { Generated } from 'kysely'

/** Mails that had nowhere to go, as they would have left. */
export interface KeptMailTable {
  accountId: string
  id: Generated<number>
  messageId: string
  envelopeSender: string
  receiver: string
  at: Date
  source: string
}
