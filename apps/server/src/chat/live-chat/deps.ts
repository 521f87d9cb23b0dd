import type { ChatSettings } from '@parley/contract'
import type { Base } from '#base/store'
import type { Delivery } from '#base/delivery'
import type { AccountDocument, Transcripts } from '#chat/transcripts'
import type { Accounts } from '#identity/accounts'
import type { EventStreams } from '#base/kit'
import type { ChatFeed } from './feed.ts'
import type { StartLimit } from './start-limit.ts'

/** What the module is opened with. */
export interface OpenLiveChatDeps extends Pick<
  Base,
  'store' | 'clock' | 'monotonic' | 'ids' | 'logger'
> {
  delivery: Delivery
  accounts: Accounts
  transcripts: Pick<Transcripts, 'decisionRow' | 'eraseChats'>
}

/** What its operations need. */
export interface ChatDeps extends OpenLiveChatDeps {
  settings: AccountDocument<ChatSettings>
  feed: ChatFeed
  streams: EventStreams
  starts: StartLimit
}
