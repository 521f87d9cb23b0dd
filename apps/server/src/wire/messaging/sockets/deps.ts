import type { PassingSet } from '#base/kernel'
import type { Accounts } from '#identity/accounts'
import type { Audit } from '#identity/audit'
import type { Credentials } from '#identity/credentials'
import type { Settings } from '#identity/settings'
import type { Overload, Places, Shares } from '#base/bounds'
import type { Conversations } from '#messaging/conversations'
import type { KeyedQueue } from '#base/kit'
import type { Files } from '#messaging/files'
import type { People } from '#messaging/people'
import type { Reading } from '#messaging/reading'
import type { Routing } from '#messaging/routing'
import type { Base } from '#base/store'
import type { Requests } from '#wire/messaging/requests'
import type { Updates } from '#wire/messaging/updates'
import type { Floods } from './floods.ts'
import type { ServedSocket } from './served-socket.ts'

/** What the messaging protocol needs from other modules. */
export interface OuterDeps extends Pick<
  Base,
  'store' | 'clock' | 'wallClock' | 'monotonic' | 'ids' | 'logger'
> {
  audit: Pick<Audit, 'note' | 'tally'>
  accounts: Accounts
  settings: Pick<Settings, 'get' | 'peek'>
  credentials: Credentials
  reading: Reading
  people: People
  conversations: Conversations
  routing: Routing
  files: Files
  perAddress: { conversationsPerMinute: number }
  /** How late this node may be before it refuses requests. */
  overloadMs: number
}

export interface Deps extends OuterDeps, Pick<Updates, 'sessions' | 'presence' | 'rightsChanged'> {
  requests: Requests
  /** All sockets of this node. */
  served: PassingSet<ServedSocket>
  nextSocketId(): number
  /** Runs in order: requests of one socket about one conversation. */
  queue: KeyedQueue
  /** Refuses requests that are too many, by client, address and account. */
  floods: Floods
  /** Refuses requests while this node has too much to do. */
  admit: Overload['admit']
  /** Of clients that have not authenticated yet. */
  unauthenticated: Places
  /** Bytes that clients have sent and that are not dealt with yet. */
  incoming: Shares
  /** Bytes that clients have not read yet. */
  outgoing: Shares
  socketFailed(error: Error): void
}
