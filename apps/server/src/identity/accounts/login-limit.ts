import { type Clock, ParleyError } from '#base/kernel'
import { boundedMap } from '#base/kit'

const ATTEMPTS = 10
const WINDOW_MS = 60_000
const TRACKED = 10_000

/** Failed logins per user and address. */
export interface LoginLimit {
  /** Counts an attempt as failed until it has `succeeded`. Throws `rate_limited` after too many failures. */
  attempt(key: string): { succeeded(): void }
}

export function loginLimit(wallClock: Clock): LoginLimit {
  const failures = boundedMap<string, number[]>(TRACKED)
  return {
    attempt(key) {
      const now = wallClock.now()
      const recent = (failures.get(key) ?? []).filter((at) => at > now - WINDOW_MS)
      const [oldest] = recent
      if (oldest !== undefined && recent.length >= ATTEMPTS) {
        const retryAfterMs = oldest + WINDOW_MS - now
        throw new ParleyError('rate_limited', 'Too many failed logins; try again later', {
          retryAfterMs,
        })
      }
      recent.push(now)
      failures.set(key, recent)
      return {
        succeeded() {
          const counted = failures.get(key) ?? []
          const own = counted.lastIndexOf(now)
          if (own < 0) return
          const left = counted.toSpliced(own, 1)
          if (left.length === 0) failures.delete(key)
          else failures.set(key, left)
        },
      }
    },
  }
}
