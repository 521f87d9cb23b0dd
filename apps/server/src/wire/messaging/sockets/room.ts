import { messageOf } from '#base/kernel'
import { serveAgents } from './agent-sockets.ts'
import { connectorRoutes } from './connector.ts'
import { serveConsumers } from './consumer-sockets.ts'
import type { Deps, OuterDeps } from './deps.ts'
import { fanOut } from './fan-out.ts'
import { type FloodGuard, openFloodGuard } from './flood-guard.ts'
import { doubt, lookAfterSockets } from './look-after.ts'
import { tellAgentState } from './request-routing.ts'
import type { ServeDeps } from './serve-socket.ts'
import { openSessions } from './sessions.ts'

const LOOK_MS = 1000

/** Serves the published messaging protocol: sockets of agents, bots and consumers. */
export function openWireMessaging(outer: OuterDeps): Disposable {
  const { accounts, conversations, monotonic, logger, store } = outer
  const sessions = openSessions((accountId) => conversations.watch(accountId))
  const deps: Deps = { ...outer, sessions }
  const floods = new Map<string, FloodGuard>()
  const serveDeps: ServeDeps = {
    ...deps,
    served: new Set(),
    accountFlood,
    socketFailed: (error) => logger.debug({ err: error }, 'Socket failed'),
  }
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
  accounts.onUsersChanged((accountId) => doubt(sessions.agents(accountId)))
  accounts.onCredentialsChanged((accountId) => doubt(sessions.everybody(accountId)))
  opened.use(store.onResync(() => doubt(sessions.all()), { inDoubt: true }))
  opened.use(monotonic.every(LOOK_MS, () => lookAfterSockets(serveDeps)))
  opened.use(serveAgents(serveDeps))
  serveConsumers(serveDeps)
  connectorRoutes(serveDeps)

  function accountFlood(accountId: string): FloodGuard {
    const known = floods.get(accountId) ?? openFloodGuard(monotonic.now())
    floods.set(accountId, known)
    return known
  }

  const resources = opened.move()
  return { [Symbol.dispose]: () => resources.dispose() }
}
