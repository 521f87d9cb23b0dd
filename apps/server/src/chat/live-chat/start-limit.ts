import { boundedMap } from '#base/kit'
import { type Clock, ParleyError } from '#base/kernel'

const MINUTE_MS = 60_000
const TRACKED = 10_000

/** How many chats each address may still start, by a bucket that fills up within a minute. */
export interface StartLimit {
  /** @throws ParleyError when the address has started too many */
  take(accountId: string, address: string, perMinute: number): void
}

export function startLimit(clock: Clock): StartLimit {
  const buckets = boundedMap<string, { left: number; filledAt: number }>(TRACKED)
  return {
    take(accountId, address, perMinute) {
      const key = `${accountId} ${address}`
      const now = clock.now()
      const { left, filledAt } = buckets.get(key) ?? { left: perMinute, filledAt: now }
      const filled = Math.min(perMinute, left + ((now - filledAt) / MINUTE_MS) * perMinute)
      const isTooMany = filled < 1
      buckets.set(key, { left: isTooMany ? filled : filled - 1, filledAt: now })
      if (!isTooMany) return
      const retryAfterMs = ((1 - filled) / perMinute) * MINUTE_MS
      throw new ParleyError('rate_limited', 'Too many chats were started from this address', {
        retryAfterMs,
      })
    },
  }
}
