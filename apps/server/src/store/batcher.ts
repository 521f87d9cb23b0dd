/** One caller's item in a batch. */
export interface Job<Item, Result> {
  item: Item
  resolve: (result: Result) => void
  reject: (cause: unknown) => void
}

/**
 * While every lane is busy, arrivals gather and leave together as the next batch. A lane's `run` must settle every
 * job that it was given.
 */
export function openBatcher<Item, Result>(options: {
  lanes: number
  largest: number
  run: (jobs: Job<Item, Result>[], lane: number) => Promise<void>
}): { add(item: Item): Promise<Result>; idle(): Promise<void> } {
  const waiting: Job<Item, Result>[] = []
  const freeLanes = Array.from({ length: options.lanes }, (_, index) => options.lanes - 1 - index)
  let idleWaiters: (() => void)[] = []
  let isScheduled = false

  function pump(): void {
    isScheduled = false
    while (waiting.length > 0) {
      const lane = freeLanes.pop()
      if (lane === undefined) return
      void runLane(waiting.splice(0, options.largest), lane)
    }
    if (freeLanes.length === options.lanes) {
      for (const wake of idleWaiters) wake()
      idleWaiters = []
    }
  }

  async function runLane(jobs: Job<Item, Result>[], lane: number): Promise<void> {
    try {
      await options.run(jobs, lane)
    } catch (cause) {
      for (const { reject } of jobs) reject(cause)
    } finally {
      freeLanes.push(lane)
      pump()
    }
  }

  return {
    add(item) {
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        if (isScheduled) return
        isScheduled = true
        queueMicrotask(pump)
      })
    },
    async idle() {
      if (waiting.length === 0 && freeLanes.length === options.lanes) return
      await new Promise<void>((resolve) => idleWaiters.push(resolve))
    },
  }
}
