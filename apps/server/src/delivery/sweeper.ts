import type { Clock, ClockFollower, Logger, Monotonic } from '#kernel'
import type { Store } from '#store'
import {
  isHeldElsewhere,
  nextDueAt,
  renewRows,
  renewTimers,
  takeRows,
  takeTimers,
} from './repository.ts'
import type { Held, Rows } from './rows.ts'
import type { Runner } from './runner.ts'
import type { Timers } from './timers.ts'

const SWEEP_MS = 1_000
const RENEW_MS = 2_000
/** What is younger than this ends by itself, most likely, before its lease does. */
const RENEWED_AGE_MS = 1_000
const MOST_TAKEN = 200
const ELSEWHERE_POLL_MS = 20

export interface SweeperDeps {
  store: Store
  clock: Clock
  monotonic: Monotonic
  logger: Logger
  runner: Runner
  rows: Rows
  timers: Timers
}

/** Finds what is due and in nobody's hands: left by a node that died, postponed, or a timer. */
export interface Sweeper extends Disposable {
  start(): void
  /** Takes nothing more, and resolves when nothing is being taken. */
  stop(): Promise<void>
  wake(): void
  /** Something becomes due at that instant. */
  hint(at: number): void
  follower: ClockFollower
}

export function openSweeper(deps: SweeperDeps): Sweeper {
  const { store, clock, monotonic, logger, runner, rows, timers } = deps
  const stopping = new DisposableStack()
  let state: 'idle' | 'started' | 'stopped' = 'idle'
  let sweeping: Promise<void> | undefined
  let isWanted = false
  let settling = 0
  let hintAt = Infinity
  let alarm: Disposable | undefined

  const names = () => ({ consumers: [...rows.consumers.keys()], kinds: [...timers.kinds.keys()] })

  async function take(limit: number): Promise<number> {
    const { consumers, kinds } = names()
    const wanted = { nodeId: store.nodeId, now: clock.now() }
    const takenRows = await takeRows(store.db, { ...wanted, names: consumers, limit })
    for (const row of takenRows) rows.start(row)
    const left = limit - takenRows.length
    if (left === 0) return limit
    const takenTimers = await takeTimers(store.db, { ...wanted, names: kinds, limit: left })
    for (const timer of takenTimers) timers.start(timer)
    return takenRows.length + takenTimers.length
  }

  async function sweep(): Promise<void> {
    while (isWanted && state === 'started' && settling === 0) {
      isWanted = false
      const limit = MOST_TAKEN - runner.size
      if (limit > 0 && (await take(limit)) === limit) isWanted = true
    }
    const next = await nextDueAt(store.db, { ...names(), now: clock.now() })
    if (next !== undefined) hint(next)
  }

  function wake(): void {
    isWanted = true
    if (sweeping || state !== 'started' || settling > 0) return
    sweeping = sweep()
      .catch((err: unknown) => logger.warn({ err }, 'Looking for due work failed'))
      .finally(() => {
        sweeping = undefined
      })
  }

  function hint(at: number): void {
    if (at >= hintAt || state === 'stopped') return
    alarm?.[Symbol.dispose]()
    hintAt = at
    alarm = clock.alarm(at, () => {
      hintAt = Infinity
      wake()
    })
  }

  async function renew(): Promise<void> {
    const aged = <Item>(held: Map<number, Held<Item>>) =>
      [...held.values()]
        .filter(({ since }) => monotonic.now() - since >= RENEWED_AGE_MS)
        .map(({ item }) => item)
    const [agedRows, agedTimers] = [aged(rows.held), aged(timers.held)]
    if (agedRows.length > 0) await renewRows(store.db, store.nodeId, agedRows)
    if (agedTimers.length > 0) await renewTimers(store.db, store.nodeId, agedTimers)
  }

  /** One at a time, so that what is due at one instant runs in the same order in every run. */
  async function settle(): Promise<void> {
    settling += 1
    try {
      await sweeping
      for (;;) {
        await runner.idle()
        if (state === 'stopped') return
        if ((await take(1)) > 0) continue
        if (
          await isHeldElsewhere(store.db, { ...names(), now: clock.now(), nodeId: store.nodeId })
        ) {
          await monotonic.sleep(ELSEWHERE_POLL_MS)
        } else if (runner.size === 0) return
      }
    } finally {
      settling -= 1
    }
  }

  return {
    start() {
      if (state !== 'idle') return
      state = 'started'
      stopping.use(monotonic.every(SWEEP_MS, wake))
      stopping.use(
        monotonic.every(RENEW_MS, () => {
          renew().catch((err: unknown) => logger.warn({ err }, 'Leases could not be renewed'))
        }),
      )
      wake()
    },
    async stop() {
      state = 'stopped'
      alarm?.[Symbol.dispose]()
      await sweeping
    },
    wake,
    hint,
    follower: {
      nextDueAt: () => nextDueAt(store.db, { ...names(), now: clock.now() }),
      settle,
    },
    [Symbol.dispose]: () => stopping.dispose(),
  }
}
