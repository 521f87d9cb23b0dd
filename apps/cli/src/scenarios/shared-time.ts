import type { ClockMove, ClockState } from '@parley/contract'

/** The virtual time of a world, as scenarios that run side by side in it share it. */
export interface SharedTime {
  now(): number
  /** A scenario runs until it is disposed: time waits for all that run. */
  begin(): Disposable
  /** Resolves when nothing is running or due any more in the whole world. */
  settled(): Promise<void>
  /** Resolves when that instant has come. */
  until(instant: number): Promise<void>
}

interface Waiting {
  /** Absent: only until the world is settled. */
  until?: number
  resolve(): void
  reject(cause: unknown): void
}

/**
 * Time moves only when every running scenario waits for it, and then to the earliest instant that one of them waits for: each sees
 * just the time that it waits, whatever the others do.
 * @param move asks the server; it answers when nothing is running or due
 */
export function shareTime(
  startAt: number,
  move: (wanted: ClockMove) => Promise<ClockState>,
): SharedTime {
  let now = startAt
  let running = 0
  let isMoving = false
  const waiting = new Set<Waiting>()

  function release(those: (one: Waiting) => boolean): void {
    for (const one of waiting) {
      if (!those(one)) continue
      waiting.delete(one)
      one.resolve()
    }
  }

  async function moveOn(): Promise<void> {
    const instants = [...waiting].flatMap(({ until }) => (until === undefined ? [] : [until]))
    const isSettling = instants.length < waiting.size
    const at = () => new Date(Math.max(now, Math.min(...instants))).toISOString()
    const state = await move(isSettling ? { move: 'settle' } : { move: 'to', at: at() })
    now = Date.parse(state.now)
    // Who waits until the world is settled goes first: it may do something at this instant.
    release(isSettling ? ({ until }) => until === undefined : ({ until = now }) => until <= now)
  }

  function check(): void {
    if (isMoving || running === 0 || waiting.size < running) return
    isMoving = true
    moveOn()
      .catch((cause: unknown) => {
        for (const one of waiting) one.reject(cause)
        waiting.clear()
      })
      .finally(() => {
        isMoving = false
        // Those that were released run first.
        queueMicrotask(check)
      })
  }

  function wait(wanted: Omit<Waiting, 'resolve' | 'reject'>): Promise<void> {
    return new Promise((resolve, reject) => {
      waiting.add({ ...wanted, resolve, reject })
      check()
    })
  }

  return {
    now: () => now,
    begin() {
      running += 1
      return {
        [Symbol.dispose]() {
          running -= 1
          check()
        },
      }
    },
    settled: () => wait({}),
    until: (instant) => wait({ until: instant }),
  }
}
