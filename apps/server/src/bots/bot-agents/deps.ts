import type { BotChannelName } from '@parley/contract'
import type { Accounts } from '#identity/accounts'
import type { Audit } from '#identity/audit'
import type { Settings } from '#identity/settings'
import type { Delivery } from '#base/delivery'
import type { Invocations } from '#faas/invocations'
import type { People } from '#messaging/people'
import type { Base } from '#base/store'
import type { BotDirectory } from './directory.ts'
import type { BotKind } from './bot-kind.ts'
import type { BotChannel } from './channel.ts'

/** What the module is opened with. */
export interface OpenBotAgentsDeps extends Pick<
  Base,
  'store' | 'clock' | 'monotonic' | 'ids' | 'logger'
> {
  delivery: Delivery
  accounts: Accounts
  settings: Pick<Settings, 'get'>
  audit: Audit
  people: Pick<People, 'findProfile' | 'listVisitorAttributes'>
  invocations: Pick<Invocations, 'invokeOne'>
}

/** What its operations need. */
export interface BotAgentsDeps extends OpenBotAgentsDeps {
  directory: BotDirectory
  /** @throws an `Error` for a kind that no module serves */
  kindOf(kind: string): BotKind
  readonly channels: ReadonlyMap<BotChannelName, BotChannel>
}
