import type { Base } from '#base/store'
import type { Delivery } from '#base/delivery'
import type { Transcripts } from '#chat/transcripts'
import type { Accounts } from '#identity/accounts'
import type { Reading } from '#messaging/reading'
import type { Settings } from '#identity/settings'
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
  settings: Settings
  reading: Pick<Reading, 'readerOf'>
  transcripts: Pick<Transcripts, 'decisionRow' | 'eraseChats'>
}

/** What its operations need. */
export interface ChatDeps extends OpenLiveChatDeps {
  feed: ChatFeed
  streams: EventStreams
  starts: StartLimit
}
