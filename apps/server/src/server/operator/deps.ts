import type { Accounts } from '#identity/accounts'
import type { Audit } from '#identity/audit'
import type { Delivery } from '#base/delivery'
import type { Base } from '#base/store'
import type { Functions } from '#faas/functions'

export interface OperatorDeps extends Pick<
  Base,
  'store' | 'clock' | 'ids' | 'logger' | 'monotonic'
> {
  accounts: Accounts
  audit: Audit
  delivery: Delivery
  functions: Functions
  /** The key of the operator's API. Without it there is none. */
  operatorKey: string | undefined
}
