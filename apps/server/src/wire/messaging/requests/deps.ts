import type { Audit } from '#identity/audit'
import type { Credentials } from '#identity/credentials'
import type { Settings } from '#identity/settings'
import type { KeyedQueue } from '#base/kit'
import type { Conversations } from '#messaging/conversations'
import type { Files } from '#messaging/files'
import type { People } from '#messaging/people'
import type { Reading } from '#messaging/reading'
import type { Routing } from '#messaging/routing'
import type { Base } from '#base/store'
import type { ConversationLimit } from './conversation-limit.ts'

/** What answering requests needs from other modules. */
export interface OuterDeps extends Pick<Base, 'clock' | 'monotonic' | 'ids' | 'logger'> {
  perAddress: { conversationsPerMinute: number }
  audit: Pick<Audit, 'note' | 'tally'>
  settings: Pick<Settings, 'get'>
  credentials: Credentials
  reading: Reading
  people: People
  conversations: Conversations
  routing: Routing
  files: Files
}

export interface Deps extends OuterDeps {
  countOpening: ConversationLimit
  /** Reads the lists of conversations of agents, by account. */
  lists: KeyedQueue
}
