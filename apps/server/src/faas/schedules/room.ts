import type { Accounts } from '#identity/accounts'
import type { Delivery } from '#base/delivery'
import type { Invocations } from '#faas/invocations'
import type { Clock, Ids } from '#base/kernel'
import type { Store } from '#base/store'

/** What the operations of this room need. */
export interface SchedulesRoom {
  store: Store
  clock: Clock
  ids: Ids
  accounts: Accounts
  delivery: Delivery
  invocations: Pick<Invocations, 'runFunction'>
}
