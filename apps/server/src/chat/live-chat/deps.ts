import type { ChatEntry } from '@parley/contract'
import type { Base, OutboxInsert } from '#base/store'
import type { Delivery } from '#base/delivery'
import type { Transcripts } from '#chat/transcripts'
import type { Accounts } from '#identity/accounts'
import type { People } from '#messaging/people'
import type { Reading } from '#messaging/reading'
import type { Settings } from '#identity/settings'
import type { EventStreams } from '#base/kit'
import type { ChatFeed } from './feed.ts'
import type { StartLimit } from './start-limit.ts'
import type { ChatState } from './state.ts'

/** Who acts on chats, and keeps something beside them. */
export interface ChatObserver {
  /** Rows for the commit of a change with these new entries; `isFreed` where more agents may take it now: its skill is deleted, or an offer is over. */
  changed(state: ChatState, entries: readonly ChatEntry[], isFreed: boolean): OutboxInsert[]
  /** Rows for a consumer who types. */
  typed(state: ChatState): OutboxInsert[]
  /** Must be idempotent: it is called again after a fault. */
  erase(accountId: string, chatIds: readonly string[]): Promise<void>
}

/** What the module is opened with. */
export interface OpenLiveChatDeps extends Pick<
  Base,
  'store' | 'clock' | 'monotonic' | 'ids' | 'logger'
> {
  delivery: Delivery
  accounts: Accounts
  settings: Settings
  reading: Pick<Reading, 'readerOf'>
  people: Pick<People, 'eraseVisitors'>
  transcripts: Pick<Transcripts, 'decisionRow' | 'eraseChats'>
  observer: ChatObserver
}

/** What its operations need. */
export interface ChatDeps extends OpenLiveChatDeps {
  feed: ChatFeed
  streams: EventStreams
  starts: StartLimit
}

/** Who may accept chats: these agents, with these skills. */
export interface Takers {
  agentIds: readonly string[]
  skillIds: readonly string[]
}
