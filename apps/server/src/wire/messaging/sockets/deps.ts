import type { Accounts } from '#identity/accounts'
import type { Conversations } from '#messaging/conversations'
import type { Files } from '#messaging/files'
import type { Http } from '#base/http'
import type { Clock, Ids, Logger, Monotonic } from '#base/kernel'
import type { Store } from '#base/store'
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
