/** Counts what happened within the last `windowMs`. */
export interface SlidingWindow {
  /** Counts one more if fewer than `limit` are counted. Answers 0, or in how many milliseconds one more is possible. */
  add(limit: number, now: number): number
  /** Answers 0 if one more could be added, or in how many milliseconds. */
  waitFor(limit: number, now: number): number
  /** Takes back one that was added at that time. */
  takeBack(at: number): void
  readonly size: number
}

export function openWindow(windowMs: number): SlidingWindow {
  let counted: number[] = []
  function waitFor(limit: number, now: number): number {
    // What lies ahead was counted before the clock was set back, and would be counted for as long as that.
    counted = counted.filter((at) => at > now - windowMs && at <= now)
    return counted.length < limit ? 0 : (counted[0] ?? now) + windowMs - now
  }

  return {
    add(limit, now) {
      const wait = waitFor(limit, now)
      if (wait === 0) counted.push(now)
      return wait
    },
    waitFor,
    takeBack(at) {
      const own = counted.lastIndexOf(at)
      if (own >= 0) counted.splice(own, 1)
    },
    get size() {
      return counted.length
    },
  }
}
