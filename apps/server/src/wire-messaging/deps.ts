import type { Accounts } from '#accounts'
import type { Conversations } from '#conversations'
import type { Files } from '#files'
import type { Http } from '#http'
import type { Clock, Ids, Logger, Monotonic } from '#kernel'
import type { Store } from '#store'
import type { Sessions } from './sessions.ts'

export interface OuterDeps {
  http: Http
  store: Store
  accounts: Accounts
  conversations: Conversations
  files: Files
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  logger: Logger
}

/** What the requests of this room need. */
export interface Deps extends OuterDeps {
  sessions: Sessions
}
