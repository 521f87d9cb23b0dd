import { PassingMap } from '#base/kernel'

/** Jobs that share a bound. */
export interface WorkerPool {
  name: string
  /** How many of them run at once. */
  size: number
  /** How many of one account do, so that none takes all workers from the others. */
  perAccount: number
}

/** Runs jobs side by side, a bounded number of each pool and account at once; the others wait. */
export interface WorkerPools {
  add(pool: WorkerPool, accountId: string, job: () => Promise<void>): void
  /** How many more jobs of this account, or of any, would begin at once. */
  roomFor(pool: WorkerPool, accountId?: string): number
  /** Keeps a worker for a job of this account until it is disposed; `undefined` when there is no room. */
  reserve(pool: WorkerPool, accountId: string): Disposable | undefined
  /** The accounts whose jobs would wait. */
  fullAccounts(pool: WorkerPool): string[]
  /** Jobs that run or wait. */
  jobs(): number
  /** Resolves when no job runs or waits. */
  idle(): Promise<void>
  /** Drops the jobs that have not begun. */
  clear(): void
}

interface Job {
  accountId: string
  run: () => Promise<void>
}

interface PoolState {
  /** Reserved workers count, too. */
  running: number
  /** Of each account that has any. */
  runningOf: PassingMap<string, number>
  waiting: Job[]
}

/** `onFree` is called with a pool that has a free worker and no job that may begin. */
export function openWorkerPools(onFree: (pool: WorkerPool) => void): WorkerPools {
  const pools = new Map<string, PoolState>()
  let jobs = 0
  let idleWaiters: (() => void)[] = []

  /** A job handles its own failures. */
  async function run(pool: WorkerPool, job: Job): Promise<void> {
    const state = stateOf(pool)
    count(state, job.accountId, 1)
    try {
      await job.run()
    } finally {
      count(state, job.accountId, -1)
      removeJobs(1)
      if (!beginNext(pool)) onFree(pool)
    }
  }

  /** Whether a job waited that may begin. */
  function beginNext(pool: WorkerPool): boolean {
    const { waiting } = stateOf(pool)
    const next = waiting.findIndex(({ accountId }) => roomFor(pool, accountId) > 0)
    const [first] = next === -1 ? [] : waiting.splice(next, 1)
    if (first) void run(pool, first)
    return first !== undefined
  }

  function count(state: PoolState, accountId: string, by: 1 | -1): void {
    state.running += by
    const running = (state.runningOf.get(accountId) ?? 0) + by
    if (running > 0) state.runningOf.set(accountId, running)
    else state.runningOf.delete(accountId)
  }

  function roomFor(pool: WorkerPool, accountId?: string): number {
    const { running, runningOf } = stateOf(pool)
    const ofPool = pool.size - running
    if (accountId === undefined) return ofPool
    return Math.min(ofPool, pool.perAccount - (runningOf.get(accountId) ?? 0))
  }

  function removeJobs(ended: number): void {
    jobs -= ended
    if (jobs > 0) return
    for (const wake of idleWaiters) wake()
    idleWaiters = []
  }

  function stateOf({ name }: WorkerPool): PoolState {
    const state = pools.get(name) ?? { running: 0, runningOf: new PassingMap(), waiting: [] }
    pools.set(name, state)
    return state
  }

  return {
    add(pool, accountId, start) {
      const job = { accountId, run: start }
      jobs += 1
      if (roomFor(pool, accountId) > 0) void run(pool, job)
      else stateOf(pool).waiting.push(job)
    },
    roomFor,
    reserve(pool, accountId) {
      if (roomFor(pool, accountId) <= 0) return undefined
      const state = stateOf(pool)
      count(state, accountId, 1)
      return {
        [Symbol.dispose]() {
          count(state, accountId, -1)
          if (!beginNext(pool)) onFree(pool)
        },
      }
    },
    fullAccounts(pool) {
      const all = [...stateOf(pool).runningOf.keys()]
      return all.filter((accountId) => roomFor(pool, accountId) <= 0)
    },
    jobs: () => jobs,
    async idle() {
      if (jobs > 0) await new Promise<void>((resolve) => idleWaiters.push(resolve))
    },
    clear() {
      for (const { waiting } of pools.values()) removeJobs(waiting.splice(0).length)
    },
  }
}
