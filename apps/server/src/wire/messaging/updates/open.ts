import { messageOf } from '#base/kernel'
import type { Deps, OuterDeps } from './deps.ts'
import { fanOut } from './fan-out.ts'
import { notifyAgentState } from './notify-agent-state.ts'
import { agentPresence, type Presence } from './presence.ts'
import { openSessions, type Sessions } from './sessions.ts'

/** Sends the sessions of this node notifications of what any node commits. */
export interface Updates extends Disposable {
  readonly sessions: Sessions
  readonly presence: Pick<Presence, 'connected' | 'disconnected'>
}

export function openUpdates(outer: OuterDeps): Updates {
  const { reading, logger } = outer
  const sessions = openSessions((accountId) => reading.updates.watch(accountId))
  const deps: Deps = { ...outer, sessions }
  using opened = new DisposableStack()
  opened.use(reading.updates.subscribe(fanOut(deps)))
  opened.use(
    reading.updates.subscribe({
      agentChanged(accountId, userId) {
        for (const session of sessions.agents(accountId)) {
          notifyAgentState(deps, session, userId).catch((error: unknown) =>
            logger.warn({ err: error }, `State of an agent not sent: ${messageOf(error)}`),
          )
        }
      },
    }),
  )
  const presence = opened.use(agentPresence(deps))
  const resources = opened.move()
  return { sessions, presence, [Symbol.dispose]: () => resources.dispose() }
}
