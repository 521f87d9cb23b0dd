import { eventually } from '../live/eventually.ts'

/** What requests take, those that are not answered yet included. */
export interface Timings {
  /** Counts a request from now until its promise settles. */
  time<Answer>(ask: () => Promise<Answer>): Promise<Answer>
  /**
   * Milliseconds of each request that was under way from this time of `performance.now()` on, the shortest first. Waits until all that
   * was sent before now is answered: the slowest ones come last.
   */
  since(from: number): Promise<number[]>
}

export function openTimings(): Timings {
  const pending = new Set<{ at: number }>()
  const answered: { at: number; ms: number }[] = []
  return {
    async time(ask) {
      const sent = { at: performance.now() }
      pending.add(sent)
      try {
        return await ask()
      } finally {
        pending.delete(sent)
        answered.push({ ...sent, ms: performance.now() - sent.at })
      }
    },
    async since(from) {
      const now = performance.now()
      await eventually('An answer to all that was sent', () => {
        return [...pending].every(({ at }) => at > now) || undefined
      })
      const taken = answered.filter(({ at, ms }) => at + ms >= from && at <= now)
      return taken.map(({ ms }) => ms).toSorted((one, other) => one - other)
    },
  }
}
