import type { Http } from '#base/http'
import { openBucket, type TokenBucket } from '#base/bounds'
import { openKeyedQueue } from '#base/kit'
import { openRequests } from '#wire/messaging/requests'
import { openUpdates } from '#wire/messaging/updates'
import { serveAgents } from './agent-sockets.ts'
import { connectorRoutes } from './connector.ts'
import { serveConsumers } from './consumer-sockets.ts'
import type { Deps, OuterDeps } from './deps.ts'
import { checkSockets, recheck } from './keep-alive.ts'

const CHECK_MS = 1000

export interface WireMessaging extends Disposable {
  routes(http: Http): void
}

/** Serves the published messaging protocol: sockets of agents, bots and consumers. */
export function openWireMessaging(outer: OuterDeps): WireMessaging {
  const { accounts, credentials, monotonic, logger, store } = outer
  const buckets = new Map<string, TokenBucket>()
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
    accountBucket,
    socketFailed: (error) => logger.debug({ err: error }, 'Socket failed'),
  }

  accounts.onUsersChanged((accountId) => recheck(sessions.ofAgents(accountId)))
  credentials.onChange((accountId) => recheck(sessions.ofAccount(accountId)))
  opened.use(store.onResync(() => recheck(sessions.all()), { periodic: true }))
  opened.use(monotonic.every(CHECK_MS, () => checkSockets(deps)))

  function accountBucket(accountId: string): TokenBucket {
    const bucket = buckets.get(accountId) ?? openBucket(monotonic.now())
    buckets.set(accountId, bucket)
    return bucket
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
