import type { Accounts } from '#identity/accounts'
import type { Settings } from '#identity/settings'
import type { EventStreams } from '#base/kit'
import type { Base } from '#base/store'
import type { Records } from '#faas/records'

/** What the operations of this module need. */
export interface LogsDeps extends Pick<Base, 'store' | 'clock' | 'monotonic' | 'logger'> {
  accounts: Pick<Accounts, 'watchCall'>
  settings: Pick<Settings, 'get'>
  records: Pick<Records, 'writer' | 'watchNewLogs'>
  streams: EventStreams
}
