import { messageOf } from '#base/kernel'
import { endLate } from './bounds.ts'
import type { Deps } from './deps.ts'
import { NOTIFIERS } from './notifiers.ts'
import type { Session } from './session.ts'

/** Sends a session what it may have missed while this node got no notifications of other nodes. */
export function catchUp(deps: Deps, session: Session): void {
  const work = Promise.all(NOTIFIERS.flatMap((notifier) => notifier.catchUp?.(deps, session) ?? []))
  work.catch((error: unknown) => {
    deps.logger.warn({ err: error }, `A socket has not caught up: ${messageOf(error)}`)
    // After it has reconnected, the client reads on from its last sequence.
    endLate(session)
  })
}
