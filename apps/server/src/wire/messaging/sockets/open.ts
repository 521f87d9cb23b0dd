import type { Http } from '#base/http'
import { openKeyedQueue } from '#base/kit'
import { openRequests } from '#wire/messaging/requests'
import { openUpdates } from '#wire/messaging/updates'
import { serveAgents } from './agent-sockets.ts'
import { connectorRoutes } from './connector.ts'
import { serveConsumers } from './consumer-sockets.ts'
import type { Deps, OuterDeps } from './deps.ts'
import { type FloodGuard, openFloodGuard } from './flood-guard.ts'
import { checkSockets, recheck } from './keep-alive.ts'

const CHECK_MS = 1000

export interface WireMessaging extends Disposable {
  routes(http: Http): void
}

/** Serves the published messaging protocol: sockets of agents, bots and consumers. */
export function openWireMessaging(outer: OuterDeps): WireMessaging {
  const { accounts, monotonic, logger, store } = outer
  const floods = new Map<string, FloodGuard>()
  let lastSocketId = 0
  using opened = new DisposableStack()
  const { sessions, presence } = opened.use(openUpdates(outer))
  const deps: Deps = {
    ...outer,
    sessions,
    presence,
    requests: openRequests(outer),
    served: new Set(),
    nextSocketId: () => (lastSocketId += 1),
    queue: openKeyedQueue(),
    accountFlood,
    socketFailed: (error) => logger.debug({ err: error }, 'Socket failed'),
  }

  accounts.onUsersChanged((accountId) => recheck(sessions.agents(accountId)))
  accounts.onCredentialsChanged((accountId) => recheck(sessions.everybody(accountId)))
  opened.use(store.onResync(() => recheck(sessions.all()), { inDoubt: true }))
  opened.use(monotonic.every(CHECK_MS, () => checkSockets(deps)))

  function accountFlood(accountId: string): FloodGuard {
    const known = floods.get(accountId) ?? openFloodGuard(monotonic.now())
    floods.set(accountId, known)
    return known
  }

  const resources = opened.move()
  return {
    routes(http) {
      serveAgents(http, deps)
      serveConsumers(http, deps)
      connectorRoutes(http, deps)
    },
    [Symbol.dispose]: () => resources.dispose(),
  }
}
