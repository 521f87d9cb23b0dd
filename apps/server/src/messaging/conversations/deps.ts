import type { Closer, ConversationState, IdleKind } from '@parley/contract'
import type { Accounts } from '#identity/accounts'
import type { Delivery } from '#base/delivery'
import type { Clock, Ids, Logger, Monotonic } from '#base/kernel'
import type { Store } from '#base/store'
import type { ChangeObserver } from './changes.ts'
import type { Documents } from './documents.ts'
import type { Feed } from './feed.ts'
import type { KeyedQueue } from '#base/kit'

/** What outer rooms decide: how long is idle, and whether a survey follows. Both may be set after opening. */
export interface ConversationPorts {
  idle(
    accountId: string,
    skillId: string,
  ): Promise<Partial<Record<IdleKind, { afterMs: number; repeat: number }>>>
  survey(
    accountId: string,
    conversation: ConversationState,
    ending: { closedBy: Closer },
  ): Promise<{ appInstallId: string; bot: { userId: string; pid: string } } | undefined>
}

export interface OuterDeps {
  store: Store
  delivery: Delivery
  accounts: Accounts
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  logger: Logger
  /** Who this node is, among the nodes of the database. */
  nodeId: string
}

/** What the operations of this room need. */
export interface Deps extends OuterDeps {
  ports: ConversationPorts
  documents: Documents
  queue: KeyedQueue
  feed: Feed
  observers: ChangeObserver[]
}
