import { type Clock, ParleyError } from '#base/kernel'
import { boundedMap, declareBound, openWindow, type SlidingWindow } from '#base/bounds'

const ATTEMPTS = 10
const WINDOW_MS = 60_000
const TRACKED = declareBound({
  kind: 'map',
  holds: 'users and addresses with failed logins',
  limit: 10_000,
  per: 'node',
  beyond: 'the one whose last attempt is longest ago is forgotten',
})

/** Failed logins per user and address. */
export interface LoginLimit {
  /** Counts an attempt as failed until it has `succeeded`. Throws `rate_limited` after too many failures. */
  attempt(key: string): { succeeded(): void }
}

export function loginLimit(wallClock: Clock): LoginLimit {
  const failures = boundedMap<string, SlidingWindow>(TRACKED)
  return {
    attempt(key) {
      const now = wallClock.now()
      const recent = failures.get(key) ?? openWindow(WINDOW_MS)
      failures.set(key, recent)
      const retryAfterMs = recent.add(ATTEMPTS, now)
      if (retryAfterMs > 0) {
        throw new ParleyError('rate_limited', 'Too many failed logins; try again later', {
          retryAfterMs,
        })
      }
      return {
        succeeded() {
          recent.takeBack(now)
          if (recent.size === 0 && failures.get(key) === recent) failures.delete(key)
        },
      }
    },
  }
}
