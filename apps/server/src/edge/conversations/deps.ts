import type { Records } from '#faas/records'
import type { Accounts } from '#identity/accounts'
import type { Reading } from '#messaging/reading'

/** What the operations of this module need. */
export interface HistoryDeps {
  accounts: Accounts
  reading: Reading
  records: Records
}
