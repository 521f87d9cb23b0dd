import { openCatchUps } from './catch-up.ts'
import type { Deps, OuterDeps } from './deps.ts'
import { fanOut } from './fan-out.ts'
import { openPresence, type Presence } from './presence.ts'
import type { Session } from './session.ts'
import { openSessions, type Sessions } from './sessions.ts'

/** Sends the sessions of this node notifications of what any node commits. */
export interface Updates extends Disposable {
  readonly sessions: Sessions
  readonly presence: Pick<Presence, 'connected' | 'disconnected'>
  /** To be called when the session's rights have changed: it is sent what it may see now, and what it may not is taken back. */
  rightsChanged(session: Session): void
}

export function openUpdates(outer: OuterDeps): Updates {
  const { reading } = outer
  const sessions = openSessions((accountId) => reading.updates.watch(accountId))
  const deps: Deps = { ...outer, sessions }
  using opened = new DisposableStack()
  const catchUps = opened.use(openCatchUps(deps))
  opened.use(reading.updates.subscribe(fanOut(deps, catchUps)))
  const presence = opened.use(openPresence(deps))
  const resources = opened.move()
  return {
    sessions,
    presence,
    rightsChanged: catchUps.rightsChanged,
    [Symbol.dispose]: () => resources.dispose(),
  }
}
