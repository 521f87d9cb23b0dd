import type { Accounts } from '#identity/accounts'
import type { Audit } from '#identity/audit'
import type { Settings } from '#identity/settings'
import type { Conversations } from '#messaging/conversations'
import type { Delivery } from '#base/delivery'
import type { Invocations } from '#faas/invocations'
import type { Records } from '#faas/records'
import type { ReplayModule } from '#faas/replay'
import type { Base } from '#base/store'
import type { AutomaticMessages } from './automatic-messages.ts'

/** What the module is opened with. */
export interface ControllerBotDeps extends Pick<Base, 'store' | 'clock' | 'logger'> {
  delivery: Delivery
  accounts: Accounts
  settings: Pick<Settings, 'get'>
  audit: Audit
  automaticMessages: AutomaticMessages
  conversations: Conversations
  invocations: Invocations
  records: Pick<Records, 'get' | 'list' | 'newRecordId'>
  replay: Pick<ReplayModule, 'replayOnce'>
}
