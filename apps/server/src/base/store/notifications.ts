import type pg from 'pg'
import { type Clock, type Logger, type Monotonic, PassingSet, sayWhile } from '#base/kernel'
import { asFailure, isConnectionFailure } from './failures.ts'
import { hasOthers, joinNodes, letOthersIn, takeAlone } from './sole-node.ts'

const CHANNEL = 'parley'
/** Every node may have missed notifications: with the instant of the oldest one. */
const MISSED = 'missed'
/** Another node has begun to listen, and wants to be notified. */
const ARRIVED = 'arrived'
/** Nodes of version 0.1.0 do not say since when: a node counts as dead after 20 seconds of silence. */
const UNKNOWN_MS = 60_000
/** The clocks of two nodes may differ by so much, and a commit may take as long until its notification is sent. */
const MARGIN_MS = 10_000
/** PostgreSQL takes 7,999 bytes. */
const MAX_PAYLOAD = 7_900
/** Of notifications that wait for the connection. Instead of more, every node is told to read again. */
const MAX_BACKLOG = 10_000
/** Until the database is asked again after it refused a notification. */
const REFUSED_MS = 500
const LOOK_MS = 5_000
/** A node may die between a commit and its notification: what other nodes have cached must not stay wrong for ever. */
const RECHECK_MS = 5 * 60_000
/** Which part of that time passes at least. Every cache has its own pace, so that no two are read again together. */
const MIN_PACE = 0.7

/** What this node may not have been notified of. */
export interface Missed {
  /** Everything that was committed since then, in domain time. */
  since: number
}

export interface Notifications extends AsyncDisposable {
  notify(channel: string, payload: string): void
  onNotify(channel: string, listener: (payload: string) => void): Disposable
  /**
   * Calls `again` when notifications may have been missed.
   * @param options.periodic also within every five minutes, for caches that only notifications change
   */
  onResync(again: (missed: Missed) => void, options?: { periodic?: boolean }): Disposable
  /**
   * Lets all nodes, this one included, read again: a node may have died between a commit and its notification.
   * @param since when it may have died, in domain time
   */
  resyncAll(since: number): void
}

/**
 * Notifies all nodes, this one included, of ids that have changed. On a connection of its own and after the commits: a
 * NOTIFY inside them would make them queue behind one lock. The only node of a database notifies itself in memory.
 */
export async function openNotifications(deps: {
  connect: () => Promise<pg.Client>
  clock: Clock
  monotonic: Monotonic
  logger: Logger
  nodeId: string
  /** No other node can use the database. */
  isExclusive: boolean
}): Promise<Notifications> {
  const { nodeId, isExclusive } = deps
  const resyncs = new PassingSet<(missed: Missed) => void>()
  const resync = (since: number) => {
    for (const again of resyncs) callSafely(() => again({ since }))
  }
  const missedSince = (payload: string) =>
    resync(payload === '' ? deps.clock.now() - UNKNOWN_MS : Number(payload))
  const listeners = new Map<string, Set<(payload: string) => void>>()
  listeners.set(MISSED, new Set([missedSince]))
  /** When this node was last known to hear the others, in domain time. */
  let heardAt = deps.clock.now()
  /** When the oldest notification of the backlog was added. */
  let backlogSince = 0
  let backlog: [channel: string, payload: string][] = []
  let connection: pg.Client | undefined
  /** The connection while it can be used. */
  let client: pg.Client | undefined
  let sending: Promise<void> | undefined
  /** Nobody else needs to be notified, as long as the connection lasts. */
  let isAlone = isExclusive
  let looking: Promise<void> | undefined
  let isClosed = false
  listeners.set(ARRIVED, new Set([() => void letIn()]))

  async function listen(): Promise<void> {
    const fresh = await deps.connect()
    fresh.on('notification', ({ payload }) => {
      heardAt = deps.clock.now()
      callSafely(() => deliver(JSON.parse(payload ?? '[]') as [string, string][]))
    })
    fresh.on('end', () => {
      if (connection !== fresh) return
      client = undefined
      if (!isClosed) void reconnect(isAlone)
      isAlone = isExclusive
    })
    try {
      await fresh.query(`listen ${CHANNEL}`)
      const joining = () => joinNodes(fresh, deps, () => sayTo(fresh, [[ARRIVED, nodeId]]))
      if (!isExclusive) await sayWhile(deps, 'the other node to let this one in', joining())
    } catch (cause) {
      giveUp(fresh)
      throw cause
    }
    connection = fresh
    client = fresh
    await look(fresh)
  }

  /** Finds out whether the connection still works, and who else is there. */
  function look(through: pg.Client): Promise<void> {
    looking ??= lookAround(through).finally(() => {
      looking = undefined
    })
    return looking
  }

  async function lookAround(through: pg.Client): Promise<void> {
    try {
      if (isExclusive) await through.query('select 1')
      else if (await hasOthers(through, nodeId)) {
        // One that is of an earlier version, or has come back to life: it did not ask.
        if (await letIn()) resyncAll(deps.clock.now() - RECHECK_MS)
      } else if (!isAlone && (await takeAlone(through))) isAlone = client === through
      heardAt = deps.clock.now()
    } catch (err) {
      deps.logger.debug({ err }, 'The connection that listens does not answer')
      giveUp(through)
    }
  }

  /** Resolves to whether this node thought that it was alone. */
  async function letIn(): Promise<boolean> {
    if (!isAlone || isExclusive || !client) return false
    isAlone = false
    const through = client
    await letOthersIn(through).catch((err: unknown) => {
      deps.logger.warn({ err: asFailure(err) }, 'Could not let another node in')
      giveUp(through)
    })
    return true
  }

  /** Gives a connection up: nothing more is sent through it, and its end makes a new one. */
  function giveUp(broken: pg.Client): void {
    if (client === broken) client = undefined
    broken.end().catch((err: unknown) => deps.logger.debug({ err }, 'Closing a broken connection'))
  }

  /** @param wasAlone others that have come since were not notified until the loss was noticed */
  async function reconnect(wasAlone: boolean): Promise<void> {
    for (let attempt = 1; !isClosed; attempt++) {
      try {
        const since = heardAt - MARGIN_MS
        await listen()
        deps.logger.info('Listening to the other nodes again')
        resync(since)
        if (wasAlone && !isAlone) resyncAll(since)
        send()
        return
      } catch (err) {
        const level = attempt === 1 ? 'warn' : 'debug'
        deps.logger[level]({ err: asFailure(err) }, 'Cannot listen to the other nodes yet')
        await deps.monotonic.sleep(Math.min(50 * 2 ** attempt, 2_000))
      }
    }
  }

  function deliver(notifications: readonly [channel: string, payload: string][]): void {
    for (const [channel, id] of notifications) {
      for (const listener of listeners.get(channel) ?? []) callSafely(() => listener(id))
    }
  }

  function callSafely(call: () => void): void {
    try {
      call()
    } catch (err) {
      deps.logger.error({ err }, 'A listener failed')
    }
  }

  function send(): void {
    if (isAlone && !sending) return deliver(backlog.splice(0))
    if (sending || !client || backlog.length === 0) return
    sending = sendBacklog(client).finally(() => {
      sending = undefined
      send()
    })
  }

  async function sendBacklog(through: pg.Client): Promise<void> {
    const taken = backlog
    const since = backlogSince
    backlog = []
    try {
      await sayTo(through, taken)
    } catch (err) {
      deps.logger.warn({ err: asFailure(err) }, 'Could not notify the other nodes')
      if (isConnectionFailure(err)) {
        backlog = [...taken, ...backlog]
        backlogSince = since
        shorten()
        giveUp(through)
        return
      }
      // Whatever it refused, the other nodes find it when they read again; that they should is said until it is taken.
      backlogSince = since
      backlog = [missedEntry()]
      await deps.monotonic.sleep(REFUSED_MS)
    }
  }

  const looks = deps.monotonic.every(LOOK_MS, () => void (client && look(client)))
  await listen()

  function missedEntry(): [channel: string, payload: string] {
    return [MISSED, String(backlogSince - MARGIN_MS)]
  }

  function shorten(): void {
    if (backlog.length > MAX_BACKLOG) backlog = [missedEntry()]
  }

  function notify(channel: string, payload: string): void {
    if (backlog.length === 0) backlogSince = deps.clock.now()
    backlog.push([channel, payload])
    shorten()
    // All notifications of one turn of the event loop, those of a whole batch, leave together.
    if (backlog.length === 1) deps.monotonic.afterTurn(send)
  }

  function resyncAll(since: number): void {
    notify(MISSED, String(since - MARGIN_MS))
  }

  return {
    notify,
    onNotify(channel, listener) {
      const set = listeners.get(channel) ?? new Set()
      listeners.set(channel, set.add(listener))
      return { [Symbol.dispose]: () => void set.delete(listener) }
    },
    onResync(again, { periodic = false } = {}) {
      resyncs.add(again)
      const pace = RECHECK_MS * (MIN_PACE + (1 - MIN_PACE) * Math.random())
      const rechecking =
        periodic && !isExclusive
          ? deps.monotonic.every(pace, () =>
              callSafely(() => again({ since: deps.clock.now() - RECHECK_MS })),
            )
          : undefined
      return {
        [Symbol.dispose]() {
          resyncs.delete(again)
          rechecking?.[Symbol.dispose]()
        },
      }
    },
    resyncAll,
    async [Symbol.asyncDispose]() {
      isClosed = true
      looks[Symbol.dispose]()
      send()
      await sending
      client = undefined
      await connection?.end()
    },
  }
}

async function sayTo(
  client: pg.Client,
  notifications: [channel: string, payload: string][],
): Promise<void> {
  await client.query({
    name: 'notify',
    text: 'select pg_notify($1, payload) from unnest($2::text[]) payload',
    values: [CHANNEL, packed(notifications)],
  })
}

/** As few payloads as possible, each a JSON list of [channel, id]. */
function packed(notifications: [channel: string, payload: string][]): string[] {
  const payloads: string[] = []
  let current: string[] = []
  let size = 2
  for (const notification of notifications) {
    const text = JSON.stringify(notification)
    const bytes = Buffer.byteLength(text) + 1
    if (size + bytes > MAX_PAYLOAD && current.length > 0) {
      payloads.push(`[${current.join(',')}]`)
      current = []
      size = 2
    }
    current.push(text)
    size += bytes
  }
  if (current.length > 0) payloads.push(`[${current.join(',')}]`)
  return payloads
}
