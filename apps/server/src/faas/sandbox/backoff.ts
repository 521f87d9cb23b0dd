/** After so many deaths in a row a new instance still starts at once. */
const FREE_DEATHS = 4
const WINDOW_MS = 10_000
const FIRST_PAUSE_MS = 500
const MAX_PAUSE_MS = 5_000

export interface Backoff {
  died(now: number): void
  succeeded(): void
  /** When the next instance may start. */
  readonly until: number
  /** Nothing of the past delays a start any more. */
  isCalm(now: number): boolean
}

/** Crash loop: from the fifth death in a row within 10 s a version waits before it gets another instance. */
export function crashBackoff(): Backoff {
  let deaths: number[] = []
  let until = 0
  return {
    died(now) {
      deaths = deaths.filter((at) => now - at < WINDOW_MS)
      deaths.push(now)
      const beyond = deaths.length - FREE_DEATHS
      if (beyond > 0) until = now + Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (beyond - 1))
    },
    succeeded() {
      if (deaths.length === 0) return
      deaths = []
      until = 0
    },
    isCalm: (now) => now >= until && deaths.every((at) => now - at >= WINDOW_MS),
    get until() {
      return until
    },
  }
}
