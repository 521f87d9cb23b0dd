/** Counts what happened within the last `windowMs`. */
export interface SlidingWindow {
  /** Counts one more if fewer than `limit` are counted. Answers 0, or in how many milliseconds one more is possible. */
  add(limit: number, now: number): number
  /** Takes back one that was added at that time. */
  takeBack(at: number): void
  readonly size: number
}

export function openWindow(windowMs: number): SlidingWindow {
  let counted: number[] = []
  return {
    add(limit, now) {
      counted = counted.filter((at) => at > now - windowMs)
      if (counted.length >= limit) return (counted[0] ?? now) + windowMs - now
      counted.push(now)
      return 0
    },
    takeBack(at) {
      const own = counted.lastIndexOf(at)
      if (own >= 0) counted.splice(own, 1)
    },
    get size() {
      return counted.length
    },
  }
}
