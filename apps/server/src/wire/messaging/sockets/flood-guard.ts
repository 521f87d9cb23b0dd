/** How many requests may still come, with a second's worth in reserve. */
export interface FloodGuard {
  left: number
  filledAt: number
}

export function openFloodGuard(now: number): FloodGuard {
  return { left: Infinity, filledAt: now }
}

export function admit(guard: FloodGuard, perSecond: number, now: number): boolean {
  const refilled = guard.left + ((now - guard.filledAt) / 1000) * perSecond
  guard.left = Math.min(perSecond, refilled)
  guard.filledAt = now
  if (guard.left < 1) return false
  guard.left -= 1
  return true
}
