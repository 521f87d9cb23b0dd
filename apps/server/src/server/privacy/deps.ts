import type { Accounts } from '#identity/accounts'
import type { Conversations } from '#messaging/conversations'
import type { Delivery } from '#base/delivery'
import type { Http } from '#base/http'
import type { Clock, Ids, Logger } from '#base/kernel'
import type { Store } from '#base/store'

/** What a room takes away when conversations are erased. Called again after a fault, so it must not mind. */
export interface Eraser {
  erase(
    accountId: string,
    gone: { conversationIds: readonly string[]; consumerIds: readonly string[] },
  ): Promise<void>
}

/** A room with a channel of its own, which is kept as long as conversations are. */
export interface Channel {
  eraseEndedBefore(accountId: string, before: number): Promise<void>
}

export interface PrivacyDeps {
  http: Http
  store: Store
  delivery: Delivery
  accounts: Accounts
  conversations: Conversations
  clock: Clock
  ids: Ids
  logger: Logger
  /** Rooms that keep something about conversations, beside the conversations themselves. */
  erasers: readonly Eraser[]
  channels: readonly Channel[]
}
