import type { Conversations } from '#messaging/conversations'
import type { Base } from '#base/store'
import type { Sessions } from './sessions.ts'

/** What notifications need from other modules. */
export interface OuterDeps extends Pick<Base, 'store' | 'clock' | 'monotonic' | 'logger'> {
  conversations: Conversations
}

export interface Deps extends OuterDeps {
  sessions: Sessions
}
