import { type Monotonic, ParleyError } from '#base/kernel'

const TICK_MS = 100
/** A single long turn is no overload. */
const LATE_TICKS = 3
/** A request waits for so many turns of the event loop: to be read, for its function or its commit, to be answered. */
const TURNS = 3
/** What each late tick takes off, and each tick in time adds: what is admitted settles below what the node can do. */
const LESS = 0.8
const MORE = 1.1
/** So much is always admitted in one tick: a node that is slow for another reason would refuse what it could do. */
const MIN_ADMITTED = 10
/** Longer than a turn of a node that has no more to do than it can. */
const LONG_TURN_MS = 200
const MIN_AT_ONCE = 300
/** What is admitted varies from tick to tick: so long a time counts. */
const USUAL_MS = 1_000
const RETRY_AFTER_MS = 1000
/** One for all: to make an error takes longer than to refuse. */
const TOO_MUCH = new ParleyError('overloaded', 'The server has too much to do', {
  retryAfterMs: RETRY_AFTER_MS,
})

/** Refuses requests while this node has more to do than it can, so that those it takes are answered soon. */
export interface Overload extends Disposable {
  /**
   * Counts one request of the account.
   * @throws ParleyError `overloaded`, with when to try again: the node is late, and the account has had its share
   */
  admit(this: void, accountId: string): void
}

/**
 * A node is late when its turns of the event loop are, or when what it has taken waits elsewhere. It then admits less and
 * less, until it is in time; the accounts that ask share that alike, and who asks for less than its share is not refused at all.
 */
export function openOverload({
  monotonic,
  lateMs,
  waitingMs = () => 0,
}: {
  monotonic: Monotonic
  /** From when on the node counts as late. */
  lateMs: number
  /** How long the oldest work has waited. */
  waitingMs?: (() => number) | undefined
}): Overload {
  const counted = new Map<string, number>()
  let admitted = 0
  let active = 0
  let activeBefore = 1
  let lateTicks = 0
  let limit = Infinity
  /** Admitted in a tick, of late. */
  let usual = 0
  let tickedAt = monotonic.now()

  const ticking = monotonic.every(TICK_MS, () => {
    const now = monotonic.now()
    const passed = Math.max(TICK_MS, now - tickedAt)
    const lag = Math.max(TURNS * (passed - TICK_MS), waitingMs())
    lateTicks = lag > lateMs ? lateTicks + Math.ceil(passed / TICK_MS) : 0
    usual += ((admitted * TICK_MS) / passed - usual) * Math.min(1, passed / USUAL_MS)
    if (lateTicks >= LATE_TICKS) {
      limit = Math.max(MIN_ADMITTED, Math.min(limit, usual) * LESS)
      // What it changes shows only after a while.
      lateTicks = 0
    } else if (lag < lateMs / 2 && limit !== Infinity) {
      // Nobody asks for more than is admitted: the load is over.
      limit = admitted < limit / 2 ? Infinity : limit * MORE
    }
    tickedAt = now
    admitted = 0
    activeBefore = Math.max(1, active)
    active = 0
    counted.clear()
  })

  /** What is admitted in a tick. Of what comes all at once no more than usual, once its turn has taken long: nobody is answered before it ends. */
  function limitNow(now: number): number {
    const isLong = limit === Infinity && now - tickedAt > Math.max(lateMs, LONG_TURN_MS)
    return isLong ? Math.max(MIN_AT_ONCE, usual) : limit
  }

  /** Of each account, by now. What came while the node stood still is read in one turn: it counts as what came one after the other. */
  function shareNow(): number {
    const now = monotonic.now()
    const ticks = Math.max(1, (now - tickedAt) / TICK_MS)
    return (limitNow(now) * ticks) / Math.max(active, activeBefore)
  }

  return {
    admit(accountId) {
      const own = counted.get(accountId) ?? 0
      if (own === 0) active += 1
      if (own >= shareNow()) throw TOO_MUCH
      counted.set(accountId, own + 1)
      admitted += 1
    },
    [Symbol.dispose]: () => ticking[Symbol.dispose](),
  }
}
