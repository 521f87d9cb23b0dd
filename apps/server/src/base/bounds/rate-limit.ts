import type { Bound } from './declare.ts'
import { boundedMap } from './bounded-map.ts'
import { type BucketRate, openBucket, takeToken, type TokenBucket } from './token-bucket.ts'

/** How often each key may do something: a bucket of tokens for each key that was seen lately. */
export interface RateLimit {
  /** Takes a token. Answers 0, or in how many milliseconds there is one. */
  take(key: string, rate: BucketRate): number
}

/** @param now in milliseconds of the clock that fills the buckets */
export function openRateLimit(bound: Bound<'map'>, now: () => number): RateLimit {
  const buckets = boundedMap<string, TokenBucket>(bound)
  return {
    take(key, rate) {
      const at = now()
      let bucket = buckets.get(key)
      if (!bucket) buckets.set(key, (bucket = openBucket(at)))
      return takeToken(bucket, rate, at)
    },
  }
}
