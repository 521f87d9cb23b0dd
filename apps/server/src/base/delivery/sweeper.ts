import { type ClockFollower, PassingMap, PassingSet } from '#base/kernel'
import { type PoolWork, workByPool } from './consumer-pools.ts'
import type { DeliveryDeps } from './deps.ts'
import type { Held } from './leases.ts'
import { isHeldElsewhere, nextDueAt, renewRows, takeRows } from './repository.ts'
import { restLeased } from './resting.ts'
import type { Rows } from './rows.ts'
import { renewTimers, takeTimers } from './timer-repository.ts'
import type { Timers } from './timers.ts'
import type { WorkerPool, WorkerPools } from './worker-pools.ts'

const SWEEP_MS = 1_000
/** From the first free worker of a pool until its work is taken, so that one look takes work for several. */
const GATHERING_MS = 20
const RENEW_MS = 2_000
/** Longer than a look waits for a database that is away. */
const QUIET_MS = 60_000
/** Work that is younger than this ends before its lease does, most likely. */
const RENEWED_AGE_MS = 1_000
/** How late timers are that all nodes with a right clock have left. */
const LEFT_MS = 10_000
const ELSEWHERE_POLL_MS = 20

export interface SweeperDeps extends DeliveryDeps {
  pools: WorkerPools
  rows: Rows
  timers: Timers
}

/** What a pool has left in the outbox: of anybody, or of these accounts, all of whose workers were busy. */
interface LeftBehind {
  ofAnybody: boolean
  of: readonly string[]
}

/** Finds rows and timers that are due and that no living node holds: left by a node that died, or postponed. */
export interface Sweeper extends Disposable {
  start(): void
  /** Takes nothing more, and resolves when nothing is being taken. */
  stop(): Promise<void>
  wake(): void
  /** Something becomes due at that instant. */
  hint(at: number): void
  /** A row of that account stayed in the outbox: it is taken when the pool has a free worker for it. */
  leave(pool: WorkerPool, accountId: string): void
  onFree(pool: WorkerPool): void
  follower: ClockFollower
}

export function openSweeper(deps: SweeperDeps): Sweeper {
  const { store, clock, monotonic, logger, pools, rows, timers } = deps
  const stopping = new DisposableStack()
  let state: 'idle' | 'started' | 'stopped' = 'idle'
  let sweeping: Promise<void> | undefined
  /** By the names of pools. */
  const leftBehind = new PassingMap<string, LeftBehind>()
  /** Names of pools that have had a free worker since the last sweep. */
  const freed = new PassingSet<string>()
  let isWanted = false
  let settling = 0
  /** When a look failed last: what goes on failing, for each pool in each second, is said once. */
  let failedAt = -Infinity
  let hintAt = Infinity
  let alarm: Disposable | undefined
  let gathering: Disposable | undefined

  const names = () => ({ consumers: [...rows.consumers.keys()], kinds: [...timers.kinds.keys()] })

  /** Takes what is due, and says how much that was. What it finds of suspended accounts goes to rest. */
  async function take(
    limit: number,
    of: { consumers: string[]; kinds: string[]; notOf?: string[] },
  ): Promise<number> {
    const wanted = { nodeId: store.nodeId, now: clock.now(), notOf: of.notOf ?? [] }
    for (let left = limit; ;) {
      const takenRows =
        of.consumers.length > 0
          ? await takeRows(store, { ...wanted, names: of.consumers, limit: left })
          : []
      // Not later: what cannot look for timers would keep rows that it has leased.
      for (const row of takenRows) if (!row.isSuspended) rows.start(row)
      const timersOf = { ...wanted, now: timersDueAt(), names: of.kinds }
      const takenTimers =
        takenRows.length < left && of.kinds.length > 0
          ? await takeTimers(store, { ...timersOf, limit: left - takenRows.length })
          : []
      const resting = {
        rows: takenRows.filter((row) => row.isSuspended && !rows.held.has(row.id)),
        timers: takenTimers.filter(
          (timer) => timer.isSuspended && !timers.held.has(timer.generation),
        ),
      }
      for (const timer of takenTimers) if (!timer.isSuspended) timers.start(timer)
      await restLeased(store, resting)
      const rested = resting.rows.length + resting.timers.length
      left -= takenRows.length + takenTimers.length - rested
      if (rested === 0 || state === 'stopped') return limit - left
    }
  }

  /** A node whose clock is wrong takes only timers that, by the database's clock, nobody took in time. */
  function timersDueAt(): number {
    const skewMs = store.clockSkewMs()
    return skewMs === 0 ? clock.now() : clock.now() - skewMs - LEFT_MS
  }

  const takeOne = async () => (await take(1, names())) > 0

  /** @param of the names of some pools; all of them without it */
  async function takeFor(of?: ReadonlySet<string>): Promise<void> {
    for (const work of workByPool(rows.consumers.values(), timers.kinds.values())) {
      // What cannot be ended is not begun: the next sweep looks again.
      if (store.isFull() || state === 'stopped') return
      if (of && !of.has(work.pool.name)) continue
      try {
        await takeInto(work)
      } catch (err) {
        // What fails for one pool must not keep the others from their work.
        noteFailure(err)
      }
    }
  }

  async function takeInto({ pool, consumers, kinds }: PoolWork): Promise<void> {
    const limit = pools.roomFor(pool)
    const notOf = pools.fullAccounts(pool)
    const before = leftBehind.get(pool.name)
    const isMore = limit <= 0 || (await take(limit, { consumers, kinds, notOf })) === limit
    // What was left meanwhile stays.
    if (leftBehind.get(pool.name) === before) leftBehind.delete(pool.name)
    note(pool, { ofAnybody: isMore, of: notOf })
    // Workers that became free meanwhile knew nothing of it.
    if (canTake(pool)) freed.add(pool.name)
  }

  function noteFailure(err: unknown): void {
    const isKnown = monotonic.now() - failedAt < QUIET_MS
    failedAt = monotonic.now()
    logger[isKnown ? 'debug' : 'warn']({ err }, 'Looking for due work failed')
  }

  function note({ name }: WorkerPool, { ofAnybody, of }: LeftBehind): void {
    const known = leftBehind.get(name)
    if (!known && !ofAnybody && of.length === 0) return
    leftBehind.set(name, {
      ofAnybody: ofAnybody || known?.ofAnybody === true,
      of: [...new Set([...(known?.of ?? []), ...of])],
    })
  }

  /** Whether a free worker of the pool may begin with what was left. */
  function canTake(pool: WorkerPool): boolean {
    const left = leftBehind.get(pool.name)
    if (!left || pools.roomFor(pool) <= 0) return false
    return left.ofAnybody || left.of.some((accountId) => pools.roomFor(pool, accountId) > 0)
  }

  async function sweep(): Promise<void> {
    const maySweep = () => state === 'started' && settling === 0
    while (isWanted && maySweep()) {
      isWanted = false
      freed.clear()
      await takeFor()
      const next = await nextDueAt(store, { ...names(), now: clock.now() })
      if (next !== undefined) hint(next)
    }
    if (freed.size === 0 || !maySweep()) return
    const some = new Set(freed)
    freed.clear()
    await takeFor(some)
  }

  function beginSweep(): void {
    if (sweeping || state !== 'started' || settling > 0) return
    sweeping = sweep()
      .catch(noteFailure)
      .finally(() => {
        sweeping = undefined
        // Something came meanwhile.
        if (isWanted) beginSweep()
        else if (freed.size > 0) sweepSoon()
      })
  }

  function wake(): void {
    isWanted = true
    beginSweep()
  }

  function sweepSoon(): void {
    gathering ??= monotonic.after(GATHERING_MS, () => {
      gathering = undefined
      beginSweep()
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
    await renewAged(rows.held, (items) => renewRows(store.db, store.nodeId, items))
    await renewAged(timers.held, (items) => renewTimers(store.db, store.nodeId, items))
  }

  /** @param renewLeases gives the keys of those that this node still had */
  async function renewAged<Item>(
    held: PassingMap<number, Held<Item>>,
    renewLeases: (items: Item[]) => Promise<number[]>,
  ): Promise<void> {
    const now = monotonic.now()
    const aged = [...held.values()].filter(({ leasedAt }) => now - leasedAt >= RENEWED_AGE_MS)
    if (aged.length === 0) return
    for (const key of await renewLeases(aged.map(({ item }) => item))) {
      const holding = held.get(key)
      if (holding) holding.leasedAt = now
    }
  }

  /** One at a time, so that what is due at one instant runs in the same order in every run. */
  async function settle(): Promise<void> {
    settling += 1
    try {
      await sweeping
      for (;;) {
        await pools.idle()
        if (state === 'stopped') return
        if (await takeOne()) continue
        if (
          await isHeldElsewhere(store.db, { ...names(), now: clock.now(), nodeId: store.nodeId })
        ) {
          await monotonic.sleep(ELSEWHERE_POLL_MS)
        } else if (pools.jobs() === 0) return
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
      gathering?.[Symbol.dispose]()
      await sweeping
    },
    wake,
    hint,
    leave(pool, accountId) {
      const isFull = pools.roomFor(pool) <= 0
      note(pool, { ofAnybody: isFull, of: isFull ? [] : [accountId] })
    },
    onFree(pool) {
      if (!canTake(pool)) return
      freed.add(pool.name)
      sweepSoon()
    },
    follower: {
      nextDueAt: () => nextDueAt(store, { ...names(), now: clock.now() }),
      settle,
    },
    [Symbol.dispose]: () => stopping.dispose(),
  }
}
