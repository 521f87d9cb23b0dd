import type { Accounts } from '#identity/accounts'
import type { Audit } from '#identity/audit'
import type { Settings } from '#identity/settings'
import type { Conversations } from '#messaging/conversations'
import type { Reading } from '#messaging/reading'
import type { Delivery } from '#base/delivery'
import type { Base } from '#base/store'

/** What a module loses when conversations and consumers are erased. */
export interface Erased {
  conversationIds: readonly string[]
  consumerIds: readonly string[]
}

/** What a module offers that keeps something about consumers, or has a channel of its own. */
export interface Erasing {
  /** Erases what the module keeps. Must be idempotent: it is called again after a fault. */
  erase?(accountId: string, erased: Erased): Promise<void>
  /**
   * Ends what the account has kept long enough, or what has run out, by pages, each a statement or a transaction of its own.
   * Resolves to whether nothing of it is left: somebody may hold a row.
   */
  endOld?(accountId: string): Promise<boolean>
  /** Sets right what was armed while a clock was ahead that has been set back: called every night, and as soon as a node finds that. */
  bringBack?(accountId: string): Promise<void>
  /** Erases what ended before an instant, in channels that are kept as long as conversations are. */
  eraseEndedBefore?(accountId: string, before: number): Promise<void>
}

export interface PrivacyDeps extends Pick<
  Base,
  'store' | 'clock' | 'monotonic' | 'ids' | 'logger'
> {
  delivery: Delivery
  accounts: Accounts
  settings: Settings
  audit: Audit
  reading: Reading
  conversations: Conversations
  /** All modules beside the conversations. */
  modules: readonly Erasing[]
}
