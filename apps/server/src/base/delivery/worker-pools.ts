/** Jobs that share a bound. */
export interface WorkerPool {
  name: string
  /** How many of them run at once. */
  size: number
}

/** Runs jobs side by side, a bounded number of each pool at once; the others wait. */
export interface WorkerPools {
  add(pool: WorkerPool, job: () => Promise<void>): void
  /** Jobs that run or wait, of one pool or of all. */
  jobsOf(pool?: WorkerPool): number
  /** Resolves when no job runs or waits. */
  idle(): Promise<void>
  /** Drops the jobs that have not begun. */
  clear(): void
}

/** `onIdle` is called with a pool that has a free worker and no job that waits. */
export function openWorkerPools(onIdle: (pool: WorkerPool) => void): WorkerPools {
  const pools = new Map<string, { running: number; waiting: (() => Promise<void>)[] }>()
  let jobs = 0
  let idleWaiters: (() => void)[] = []

  /** A job handles its own failures. */
  async function run(pool: WorkerPool, job: () => Promise<void>): Promise<void> {
    const state = stateOf(pool)
    state.running += 1
    try {
      await job()
    } finally {
      state.running -= 1
      removeJobs(1)
      const next = state.waiting.shift()
      if (next) void run(pool, next)
      else onIdle(pool)
    }
  }

  function removeJobs(count: number): void {
    jobs -= count
    if (jobs > 0) return
    for (const wake of idleWaiters) wake()
    idleWaiters = []
  }

  function stateOf({ name }: WorkerPool) {
    const state = pools.get(name) ?? { running: 0, waiting: [] }
    pools.set(name, state)
    return state
  }

  return {
    add(pool, job) {
      const state = stateOf(pool)
      jobs += 1
      if (state.running < pool.size) void run(pool, job)
      else state.waiting.push(job)
    },
    jobsOf(pool) {
      if (!pool) return jobs
      const { running, waiting } = stateOf(pool)
      return running + waiting.length
    },
    async idle() {
      if (jobs > 0) await new Promise<void>((resolve) => idleWaiters.push(resolve))
    },
    clear() {
      for (const { waiting } of pools.values()) removeJobs(waiting.splice(0).length)
    },
  }
}
