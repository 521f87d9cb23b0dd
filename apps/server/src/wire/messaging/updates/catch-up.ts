import { openJitteredQueue } from '#base/kit'
import type { Deps } from './deps.ts'
import { NOTIFIERS } from './notifiers.ts'
import type { Session } from './session.ts'

/** Sessions that read at the same time: others must get at the database, too. */
const WORKERS = 2
/** All sockets of a node find out at the same moment that they have missed something. */
const SPREAD_MS = 500

/** Sends sessions what they may have missed, a few at a time, and again until it could be read. */
export interface CatchUps extends Disposable {
  /** This node got no notifications of other nodes for a while. */
  missed(session: Session): void
  /** The session may see other conversations now. */
  rightsChanged(session: Session): void
}

export function openCatchUps(deps: Deps): CatchUps {
  const changed = new WeakSet<Session>()
  const queue = openJitteredQueue<Session>({
    ...deps,
    name: 'Catching up',
    workers: WORKERS,
    spreadMs: SPREAD_MS,
    async work(session) {
      if (!session.connection.isOpen) return
      const hasOtherRights = changed.delete(session)
      try {
        for (const notifier of NOTIFIERS) {
          if (hasOtherRights) await notifier.rightsChanged?.(deps, session)
          await notifier.catchUp?.(deps, session)
        }
      } catch (error) {
        if (hasOtherRights) changed.add(session)
        throw error
      }
    },
  })
  return {
    missed: (session) => queue.add(session),
    rightsChanged(session) {
      changed.add(session)
      queue.add(session)
    },
    [Symbol.dispose]: () => queue[Symbol.dispose](),
  }
}
