import { catchUp } from './catch-up.ts'
import type { Deps, OuterDeps } from './deps.ts'
import { fanOut } from './fan-out.ts'
import { openPresence, type Presence } from './presence.ts'
import type { Session } from './session.ts'
import { openSessions, type Sessions } from './sessions.ts'

/** Sends the sessions of this node notifications of what any node commits. */
export interface Updates extends Disposable {
  readonly sessions: Sessions
  readonly presence: Pick<Presence, 'connected' | 'disconnected'>
  /** To be called when the session's rights have changed: sends what it may see now, and takes back what it may not. */
  catchUp(session: Session): void
}

export function openUpdates(outer: OuterDeps): Updates {
  const { reading } = outer
  const sessions = openSessions((accountId) => reading.updates.watch(accountId))
  const deps: Deps = { ...outer, sessions }
  using opened = new DisposableStack()
  opened.use(reading.updates.subscribe(fanOut(deps)))
  const presence = opened.use(openPresence(deps))
  const resources = opened.move()
  return {
    sessions,
    presence,
    catchUp: (session) => catchUp(deps, session),
    [Symbol.dispose]: () => resources.dispose(),
  }
}
