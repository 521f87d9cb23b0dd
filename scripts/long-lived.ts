import type { SourceFile } from './structure.ts'

/**
 * Maps, sets and lists that live as long as the server, or as a connection, and have no bound of `#base/bounds`: why each cannot
 * grow without end. By file and name. What clients make grow belongs into a structure of `#base/bounds` instead.
 */
export const BOUNDED_BY: Record<string, string> = {
  'base/bounds/declare.ts declared': 'one for each definition in the code',
  'base/bounds/overload.ts counted':
    'the accounts that have asked within a tenth of a second, which only the operator makes',
  'base/bounds/places.ts byOwner': 'the places themselves',
  'bots/bot-agents/open.ts channels': 'one for each channel in the code',
  'bots/bot-agents/open.ts kinds': 'one for each kind of bot in the code',
  'base/bounds/shares.ts byOwner': 'the sum that is shared',
  'base/bounds/shares.ts byGroup': 'the owners that hold something',
  'base/bounds/sliding-window.ts counted': 'the limit that every call of `add` gives',
  'base/delivery/rows.ts consumers': 'one for each consumer in the code',
  'base/delivery/rows.ts held': 'the rows that the worker pools take',
  'base/delivery/sweeper.ts leftBehind': 'one for each worker pool',
  'base/delivery/sweeper.ts freed': 'one for each worker pool',
  'base/delivery/timers.ts kinds': 'one for each kind in the code',
  'base/delivery/timers.ts held': 'the timers that the worker pools take',
  'base/delivery/worker-pools.ts pools': 'one for each consumer in the code',
  'base/delivery/worker-pools.ts idleWaiters':
    'those that wait for the end of the server or a test',
  'base/http/client-address.ts accounts':
    'the connections of functions, which the egress proxy bounds',
  'base/http/hot.ts routes': 'one for each route in the code',
  'base/http/in-flight.ts exchanges': 'the connections',
  'base/http/known-routes.ts routes': 'one for each route in the code',
  'base/http/open.ts dialects': 'one for each dialect in the code',
  'base/http/open.ts listeners': 'one for each port',
  'base/tls/open.ts listeners': 'one for each port of TLS',
  'base/bounds/socket-places.ts held': 'one for each place that is taken',
  'base/http/upgrades.ts routes': 'one for each route in the code',
  'base/kit/event-streams.ts enders': 'the connections',
  'base/kernel/descriptor-writer.ts waiting': '`MAX_WAITING_BYTES`',
  'base/kit/form-index.ts pieces':
    'the index is made once, of forms that are bounded, and not changed',
  'base/kit/form-index.ts lengths':
    'the index is made once, of forms that are bounded, and not changed',
  'base/kit/jittered-queue.ts waiting':
    'what there is to be read again: accounts with sockets, and sockets',
  'base/kit/jittered-queue.ts running': 'its workers',
  'base/kit/few-at-once.ts byKey': 'the work that runs or waits: an ended one is removed',
  'base/kit/keyed-queue.ts tails': 'the work that runs or waits: an ended one is removed',
  'base/kit/per-account.ts listeners': 'one for each listener in the code',
  'base/kit/per-account.ts writers': 'one for each writer in the code',
  'base/kit/read-ahead.ts byAccount': 'what waits for its turn, in the workers of a pool',
  'base/kit/secret-mask.ts known': 'generations of a bounded size',
  'base/lane/open.ts connections': 'the connections, which are bounded',
  'edge/updates/waiting-updates.ts things': 'the places, which are bounded',
  'edge/updates/waiting-updates.ts topics': 'one for each topic in the code',
  'faas/recordings/queue.ts waiting': '`MAX_WAITING` and `MAX_WAITING_BYTES`',
  'faas/recordings/queue.ts rows': '`MAX_ROWS` and `MAX_WAITING_BYTES`',
  'faas/local-run/local-secrets.ts used': 'the secrets of one project, for one run',
  'base/store/batcher.ts waiting': '`COMMITS`',
  'base/store/batcher.ts idleWaiters': 'those that wait for the end of the server',
  'base/store/pool.ts waiting': '`QUERIES`',
  'base/store/connect.ts sockets': 'the sizes of the pools, and a few connections of their own',
  'base/store/suspensions.ts listeners':
    'one for each listener in the code, and for each open stream',
  'base/store/notifications.ts resyncs':
    'one for each listener in the code, and for each open stream',
  'base/store/notifications.ts listeners':
    'one for each listener in the code, and for each open stream',
  'base/store/notifications.ts backlog': '`MAX_BACKLOG`',
  'base/store/outbox-rows.ts seen': 'the rows of one batch',
  'base/store/procedures/texts.ts texts': 'those of one batch',
  'identity/settings/open.ts writers': 'one for each writer in the code',
  'messaging/reading/missed-updates.ts waiting': 'the accounts that have sockets here',
  'bots/controller-bot/patience.ts alarms': 'the rows that the worker pools take',
  'chat/live-chat/feed.ts subscribers': 'the connections',
  'faas/egress/proxy.ts perFunction': 'the live instances',
  'faas/egress/proxy.ts pipes': 'the live instances',
  'faas/egress/resolver.ts pending': '`WAITING`',
  'faas/function-config/allowed-hosts.ts known': 'the accounts, which only the operator makes',
  'faas/function-config/blocked-calls.ts waiting': '`MAX_WAITING_FUNCTIONS`',
  'faas/function-config/secret-reader.ts masks': 'the accounts, which only the operator makes',
  'faas/functions/deployed.ts entries': 'the accounts, which only the operator makes',
  'faas/functions/runnable.ts cache': '`MAX_CACHED_CHARACTERS`',
  'faas/functions/open.ts deploying': 'the deployments that run',
  'faas/records/rooms.ts free': '`MAX_KEPT_BYTES`',
  'faas/records/counters.ts minutes':
    'written once a second at least: the functions that were invoked since',
  'faas/inspector/open.ts inspected': 'the functions that the developer has named',
  'faas/sandbox/backoff.ts deaths': 'the deaths within ten seconds',
  'faas/sandbox/fleet.ts byDeployment': 'the live instances and the calls that wait',
  'faas/sandbox/fleet.ts waitingFunctions': 'the calls that wait, `limits.queuedCalls`',
  'faas/sandbox/frames.ts held': 'the longest frame',
  'faas/sandbox/instance.ts running': '`limits.callsPerInstance`',
  'faas/sandbox/frames.ts queue': '`FRAMES_AT_ONCE`',
  'faas/sandbox/open-host-calls.ts open': 'the running calls of one instance',
  'faas/sandbox/priority.ts members': 'the live instances',
  'faas/sandbox/priority.ts stretches': 'the accounts of live instances',
  'faas/sandbox/usage.ts accounts': 'the live instances and the calls that wait',
  'faas/sandbox/warm-pool.ts idle': 'the size of the pool',
  'faas/sandbox/warm-pool.ts booting': 'the instances that are booted at once',
  'faas/source/input-type.ts known': 'one for each event in the code',
  'faas/source/open.ts processes': 'the processors',
  'faas/source/open.ts idle': 'the processors',
  'faas/source/open.ts waiting': '`CHECKS`',
  'faas/source/open.ts busyAccounts': 'the processors',
  'identity/accounts/authenticator.ts scopes': 'it stays empty',
  'identity/accounts/long-calls.ts calls': 'the connections',
  'identity/accounts/open.ts keepUsers': 'one for each module in the code that keeps users',
  'identity/accounts/open.ts stopWithUsers':
    'one for each module in the code of which something stops with its user',
  'identity/audit/repeated.ts noted': 'the calls that are handled',
  'identity/audit/repeated.ts tallied': '`MAX_KEPT`, and 100 entries an hour of an account',
  'messaging/reading/updates.ts listeners': 'one for each listener in the code',
  'messaging/reading/updates.ts watchers': 'the accounts with sockets',
  'server/platform/internal-requests.ts pools': 'the accounts, which only the operator makes',
  'wire/functions/repetitions.ts entries': '`MAX_ENTRIES` and `MAX_BYTES`',
  'wire/messaging/updates/sessions.ts NONE': 'it stays empty',
  'wire/messaging/sockets/open.ts served': 'the sockets',
  'wire/messaging/updates/sessions.ts accounts': 'the sockets',
  'wire/messaging/updates/sessions.ts agents': 'the sockets',
  'wire/messaging/updates/sessions.ts consumers': 'the sockets',
}

/** Functions whose variables live on: what they return uses them. */
const LIVES_ON = /^(open|serve|count|remember|per[A-Z]|crash|login|hot|warm|frameReader)/
const FUNCTION = /^(?:export )?(?:async )?function\*? (\w+)/
const VARIABLE =
  /^( {0,2})(?:const|let) (\w+)(?:: .*?)? = (?:new (?:Passing)?(?:Map|Set)(?:<.*>)?\(|\[\]$)/
const MEMBER = /^( +)(\w+): new (?:Passing)?(?:Map|Set)(?:<.*>)?\(/

/** Empty maps, sets and lists that a module or what it opens keeps, as `file name`. Those of one call are not among them. */
export function longLived(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    if (/\.(test|fixture|contract)\.ts$/.test(path)) return []
    let around = ''
    return text.split('\n').flatMap((line) => {
      around = FUNCTION.exec(line)?.[1] ?? around
      const [whole, indent, name] = VARIABLE.exec(line) ?? MEMBER.exec(line) ?? []
      if (whole === undefined || name === undefined) return []
      const isEmpty = /\[\]$|\(\),?$/.test(line) || /\(\[\[/.test(line)
      const livesOn = indent === '' || LIVES_ON.test(around)
      return isEmpty && livesOn ? [`${path} ${name}`] : []
    })
  })
}

/** Those of `longLived` that are a `Map` or a `Set` of the language and from which their own file deletes, as `file name`. */
export function notPassing(files: readonly SourceFile[]): string[] {
  return longLived(files).filter((found) => {
    const [path, name] = found.split(' ')
    const text = files.find((file) => file.path === path)?.text ?? ''
    return (
      new RegExp(`\\b${name}\\.delete\\(`).test(text) &&
      new RegExp(`\\b${name}(?:: .*?)?(?: =|:) new (?:Map|Set)\\b`).test(text)
    )
  })
}
