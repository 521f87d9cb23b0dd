/** Runs jobs side by side, a bounded number at once; the others wait in line. */
export interface Runner {
  add(job: () => Promise<void>): void
  /** Jobs that run or wait. */
  readonly size: number
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>
  /** Drops the jobs that have not begun. */
  clear(): void
}

export function openRunner(atOnce: number): Runner {
  const waiting: (() => Promise<void>)[] = []
  let running = 0
  let idleWaiters: (() => void)[] = []

  /** A job handles its own failures. */
  async function run(job: () => Promise<void>): Promise<void> {
    running += 1
    try {
      await job()
    } finally {
      running -= 1
      const next = waiting.shift()
      if (next) void run(next)
      else wakeIfIdle()
    }
  }

  function wakeIfIdle(): void {
    if (running + waiting.length > 0) return
    for (const wake of idleWaiters) wake()
    idleWaiters = []
  }

  return {
    add(job) {
      if (running < atOnce) void run(job)
      else waiting.push(job)
    },
    get size() {
      return running + waiting.length
    },
    async idle() {
      if (running + waiting.length === 0) return
      await new Promise<void>((resolve) => idleWaiters.push(resolve))
    },
    clear() {
      waiting.length = 0
      wakeIfIdle()
    },
  }
}
