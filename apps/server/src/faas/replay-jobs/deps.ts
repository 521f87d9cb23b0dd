import type { Delivery } from '#base/delivery'
import type { EventStreams } from '#base/kit'
import type { Base } from '#base/store'
import type { FunctionConfig } from '#faas/function-config'
import type { Recordings } from '#faas/recordings'
import type { Records } from '#faas/records'
import type { ReplayModule } from '#faas/replay'
import type { Sandbox } from '#faas/sandbox'
import type { Accounts } from '#identity/accounts'

/** What the operations of this module need. */
export interface ReplayJobsDeps extends Pick<
  Base,
  'store' | 'ids' | 'clock' | 'monotonic' | 'logger'
> {
  delivery: Pick<Delivery, 'onTimer' | 'armTimer' | 'disarmTimer' | 'endTimer' | 'wake'>
  accounts: Pick<Accounts, 'watchCall'>
  functionConfig: { secrets: Pick<FunctionConfig['secrets'], 'maskOf'> }
  records: { writer: Pick<Records['writer'], 'flush'> }
  recordings: Pick<Recordings, 'flush'>
  replay: Pick<ReplayModule, 'openSeries' | 'versionOf' | 'readVersion'>
  sandbox: Pick<Sandbox, 'stats'>
  streams: EventStreams
}
