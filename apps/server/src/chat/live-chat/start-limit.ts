import { type Clock, ParleyError } from '#base/kernel'
import { boundedMap, openBucket, takeToken, type TokenBucket } from '#base/kit'

const MINUTE_MS = 60_000
const TRACKED = 10_000

/** How many chats each address may still start, by a bucket that fills up within a minute. */
export interface StartLimit {
  /** @throws ParleyError when the address has started too many */
  take(accountId: string, address: string, perMinute: number): void
}

export function startLimit(clock: Clock): StartLimit {
  const buckets = boundedMap<string, TokenBucket>(TRACKED)
  return {
    take(accountId, address, perMinute) {
      const key = `${accountId} ${address}`
      const now = clock.now()
      const bucket = buckets.get(key) ?? openBucket(now)
      buckets.set(key, bucket)
      const retryAfterMs = takeToken(bucket, { tokens: perMinute, perMs: MINUTE_MS }, now)
      if (retryAfterMs === 0) return
      throw new ParleyError('rate_limited', 'Too many chats were started from this address', {
        retryAfterMs,
      })
    },
  }
}
