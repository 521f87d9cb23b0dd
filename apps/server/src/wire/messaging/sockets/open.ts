import { PassingSet } from '#base/kernel'
import type { Http } from '#base/http'
import { openPlaces, openShares } from '#base/bounds'
import { openKeyedQueue } from '#base/kit'
import { openRequests } from '#wire/messaging/requests'
import { openUpdates } from '#wire/messaging/updates'
import { serveAgents } from './agent-sockets.ts'
import { connectorRoutes } from './connector.ts'
import { serveConsumers } from './consumer-sockets.ts'
import { INCOMING, OUTGOING, UNAUTHENTICATED } from './bounds.ts'
import type { Deps, OuterDeps } from './deps.ts'
import { openFloods } from './floods.ts'
import { checkSockets, closeSuspended, openRechecks, recheck } from './keep-alive.ts'

const CHECK_MS = 1000

export interface WireMessaging extends Disposable {
  routes(http: Http): void
}

/** Serves the published messaging protocol: sockets of agents, bots and consumers. */
export function openWireMessaging(outer: OuterDeps): WireMessaging {
  const { accounts, credentials, monotonic, logger, store } = outer
  let lastSocketId = 0
  // Sockets are opened by requests only, after the routes are mounted.
  let admit: Http['admit'] = () => undefined
  using opened = new DisposableStack()
  const { sessions, presence, rightsChanged } = opened.use(openUpdates(outer))
  const deps: Deps = {
    ...outer,
    sessions,
    presence,
    rightsChanged,
    admit: (accountId) => admit(accountId),
    requests: openRequests(outer),
    served: new PassingSet(),
    nextSocketId: () => (lastSocketId += 1),
    queue: openKeyedQueue(),
    floods: openFloods(outer),
    unauthenticated: openPlaces(UNAUTHENTICATED),
    incoming: openShares(INCOMING),
    outgoing: openShares(OUTGOING),
    socketFailed: (error) => logger.debug({ err: error }, 'Socket failed'),
  }

  accounts.onUsersChanged((accountId) => recheck(deps, sessions.ofAgents(accountId)))
  credentials.onChange((accountId) => recheck(deps, sessions.ofAccount(accountId)))
  opened.use(store.suspensions.onChange((accountId) => closeSuspended(deps, accountId)))
  const rechecks = opened.use(openRechecks(deps))
  const recheckAll = () => {
    for (const served of deps.served) rechecks.add(served)
  }
  opened.use(store.onResync(recheckAll, { periodic: true }))
  opened.use(monotonic.every(CHECK_MS, () => checkSockets(deps)))

  const resources = opened.move()
  return {
    routes(http) {
      admit = http.admit
      serveAgents(http, deps)
      serveConsumers(http, deps)
      connectorRoutes(http, deps)
    },
    [Symbol.dispose]: () => resources.dispose(),
  }
}
