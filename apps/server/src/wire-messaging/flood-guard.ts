import type { Monotonic } from '#kernel'

/** Lets so many requests through per second, with a second's worth in reserve. */
export interface FloodGuard {
  admit(perSecond: number): boolean
}

export function openFloodGuard({ now }: Pick<Monotonic, 'now'>): FloodGuard {
  let left: number | undefined
  let filledAt = now()
  return {
    admit(perSecond) {
      const at = now()
      const refilled = (left ?? perSecond) + ((at - filledAt) / 1000) * perSecond
      left = Math.min(perSecond, refilled)
      filledAt = at
      if (left < 1) return false
      left -= 1
      return true
    },
  }
}
