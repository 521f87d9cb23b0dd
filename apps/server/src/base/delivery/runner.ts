/** Jobs that share a bound. */
export interface Line {
  name: string
  atOnce: number
}

/** Runs jobs side by side, a bounded number of each line at once; the others wait. */
export interface Runner {
  add(line: Line, job: () => Promise<void>): void
  /** Jobs that run or wait, of one line or of all. */
  sizeOf(line?: Line): number
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>
  /** Drops the jobs that have not begun. */
  clear(): void
}

/** `onDry` hears of every line that has a hand free and nothing left to do with it. */
export function openRunner(onDry: (line: Line) => void): Runner {
  const lines = new Map<string, { running: number; waiting: (() => Promise<void>)[] }>()
  let size = 0
  let idleWaiters: (() => void)[] = []

  /** A job handles its own failures. */
  async function run(line: Line, job: () => Promise<void>): Promise<void> {
    const state = stateOf(line)
    state.running += 1
    try {
      await job()
    } finally {
      state.running -= 1
      left(1)
      const next = state.waiting.shift()
      if (next) void run(line, next)
      else onDry(line)
    }
  }

  function left(jobs: number): void {
    size -= jobs
    if (size > 0) return
    for (const wake of idleWaiters) wake()
    idleWaiters = []
  }

  function stateOf({ name }: Line) {
    const state = lines.get(name) ?? { running: 0, waiting: [] }
    lines.set(name, state)
    return state
  }

  return {
    add(line, job) {
      const state = stateOf(line)
      size += 1
      if (state.running < line.atOnce) void run(line, job)
      else state.waiting.push(job)
    },
    sizeOf(line) {
      if (!line) return size
      const { running, waiting } = stateOf(line)
      return running + waiting.length
    },
    async idle() {
      if (size > 0) await new Promise<void>((resolve) => idleWaiters.push(resolve))
    },
    clear() {
      for (const { waiting } of lines.values()) left(waiting.splice(0).length)
    },
  }
}
