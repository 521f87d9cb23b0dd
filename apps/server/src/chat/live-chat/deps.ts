import type { ChatSettings } from '@parley/contract'
import type { Accounts } from '#identity/accounts'
import type { Delivery } from '#base/delivery'
import type { Clock, Ids, Logger, Monotonic } from '#base/kernel'
import type { Store } from '#base/store'
import type { AccountDocument, Transcripts } from '#chat/transcripts'
import type { ChatFeed } from './feed.ts'
import type { StartLimit } from './start-limit.ts'

/** What the room is opened with. */
export interface ChatDeps {
  store: Store
  delivery: Delivery
  accounts: Accounts
  transcripts: Transcripts
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  logger: Logger
}

/** What its operations need. */
export interface ChatRoom extends ChatDeps {
  settings: AccountDocument<ChatSettings>
  feed: ChatFeed
  starts: StartLimit
}
