import type { Accounts } from '#accounts'
import type { Delivery } from '#delivery'
import type { Invocations } from '#invocations'
import type { Clock, Ids } from '#kernel'
import type { Store } from '#store'

/** What the operations of this room need. */
export interface SchedulesRoom {
  store: Store
  clock: Clock
  ids: Ids
  accounts: Accounts
  delivery: Delivery
  invocations: Pick<Invocations, 'runFunction'>
}
