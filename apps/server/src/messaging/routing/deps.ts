import type { Accounts } from '#identity/accounts'
import type { Settings } from '#identity/settings'
import type { Delivery } from '#base/delivery'
import type { Conversations } from '#messaging/conversations'
import type { Reading } from '#messaging/reading'
import type { Base } from '#base/store'

export interface RoutingDeps extends Pick<
  Base,
  'store' | 'clock' | 'monotonic' | 'ids' | 'logger'
> {
  delivery: Delivery
  accounts: Accounts
  settings: Pick<Settings, 'get'>
  reading: Reading
  conversations: Conversations
}
