import type { Accounts } from '#identity/accounts'
import type { Base } from '#base/store'
import type { Records } from '#faas/records'

/** What the operations of this module need. */
export interface LogsDeps extends Pick<Base, 'store' | 'clock' | 'monotonic' | 'logger'> {
  accounts: Pick<Accounts, 'settings' | 'watchCall'>
  records: Pick<Records, 'writer' | 'watchNewLogs'>
  /** Ends an open stream when the server stops. */
  onClose(close: () => void): Disposable
}
