import type { Accounts } from '#identity/accounts'
import type { Functions } from '#faas/functions'
import type { Clock, Logger, Monotonic } from '#base/kernel'
import type { Store } from '#base/store'
import type { Writer } from './writer.ts'

/** What the operations of this room need. */
export interface RecordsRoom {
  store: Store
  clock: Clock
  monotonic: Monotonic
  logger: Logger
  accounts: Pick<Accounts, 'settings' | 'listAccountIds' | 'watchCall'>
  functions: Functions
  writer: Writer
  /** Ends streams that are open when the server stops. */
  onClose(close: () => void): Disposable
}
