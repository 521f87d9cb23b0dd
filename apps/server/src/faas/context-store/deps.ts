import type { Accounts } from '#identity/accounts'
import type { Credentials } from '#identity/credentials'
import type { Base } from '#base/store'

/** What the operations of this module need. */
export interface ContextStoreDeps extends Pick<Base, 'store' | 'clock' | 'ids'> {
  accounts: Accounts
  credentials: Credentials
}
