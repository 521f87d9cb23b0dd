import type { Reading } from '#messaging/reading'
import type { Routing } from '#messaging/routing'
import type { Base } from '#base/store'
import type { Sessions } from './sessions.ts'

/** What notifications need from other modules. */
export interface OuterDeps extends Pick<Base, 'store' | 'monotonic' | 'logger'> {
  reading: Reading
  routing: Routing
}

export interface Deps extends OuterDeps {
  sessions: Sessions
}
