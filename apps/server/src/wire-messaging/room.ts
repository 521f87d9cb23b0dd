import { messageOf } from '#kernel'
import { serveAgents } from './agent-sockets.ts'
import { connectorRoutes } from './connector.ts'
import { serveConsumers } from './consumer-sockets.ts'
import type { Deps, OuterDeps } from './deps.ts'
import { fanOut } from './fan-out.ts'
import { type FloodGuard, openFloodGuard } from './flood-guard.ts'
import { tellAgentState } from './request-routing.ts'
import { openSessions } from './sessions.ts'

/** Published clients send something at least every 60 seconds. */
const IDLE_MS = 120_000
const SWEEP_MS = 10_000
const NORMAL_CLOSURE = 1000

/** Serves the published messaging protocol: sockets of agents, bots and consumers. */
export function openWireMessaging(outer: OuterDeps): Disposable {
  const { conversations, monotonic, logger } = outer
  const sessions = openSessions((accountId) => conversations.watch(accountId))
  const deps: Deps = { ...outer, sessions }
  const floods = new Map<string, FloodGuard>()
  using opened = new DisposableStack()

  opened.use(conversations.hear(fanOut(deps)))
  opened.use(
    conversations.hearAgents((accountId, userId) => {
      for (const session of sessions.agents(accountId)) {
        tellAgentState(deps, session, userId).catch((error: unknown) =>
          logger.warn({ err: error }, `State of an agent not told: ${messageOf(error)}`),
        )
      }
    }),
  )
  opened.use(monotonic.every(SWEEP_MS, () => closeIdle()))
  const serveDeps = { ...deps, accountFlood }
  opened.use(serveAgents(serveDeps))
  serveConsumers(serveDeps)
  connectorRoutes(deps)

  function accountFlood(accountId: string): FloodGuard {
    const known = floods.get(accountId) ?? openFloodGuard(monotonic)
    floods.set(accountId, known)
    return known
  }

  function closeIdle(): void {
    const limit = monotonic.now() - IDLE_MS
    for (const { connection } of sessions.all()) {
      if (connection.lastHeardAt() < limit) connection.close(NORMAL_CLOSURE, 'Idle')
    }
  }

  const resources = opened.move()
  return { [Symbol.dispose]: () => resources.dispose() }
}
