import type { Monotonic } from '#base/kernel'

const TICK_MS = 100

export interface Patience extends Disposable {
  /** By how many milliseconds turns of the event loop have come late since it began. */
  lateMs(): number
}

/**
 * Calls `over` after `ms` in which this process ran. What came while it did not run, on a machine with more work than processors, it
 * sees only afterwards: time by which turns of the event loop come late is not counted.
 */
export function patienceOf(monotonic: Monotonic, ms: number, over: () => void): Patience {
  let seenAt = monotonic.now()
  let lateMs = 0
  let ranMs = 0
  function count(): void {
    const passed = monotonic.now() - seenAt
    const ran = Math.min(passed, TICK_MS)
    seenAt += passed
    lateMs += passed - ran
    ranMs += ran
  }
  const ticking = monotonic.every(TICK_MS, () => {
    count()
    if (ranMs < ms) return
    ticking[Symbol.dispose]()
    over()
  })
  return {
    lateMs() {
      count()
      return lateMs
    },
    [Symbol.dispose]: () => ticking[Symbol.dispose](),
  }
}
