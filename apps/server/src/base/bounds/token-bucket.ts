/** Tokens that are used up one by one and come back steadily. */
export interface TokenBucket {
  tokens: number
  filledAt: number
}

/** How many tokens a bucket holds, and the time in which an empty one fills up. */
export interface BucketRate {
  tokens: number
  perMs: number
}

/** A full bucket. Its rate is given with every use, because accounts change theirs. */
export function openBucket(now: number): TokenBucket {
  return { tokens: Infinity, filledAt: now }
}

/** Takes a token. Answers 0, or in how many milliseconds there is one. */
export function takeToken(bucket: TokenBucket, { tokens, perMs }: BucketRate, now: number): number {
  if (tokens === Infinity) return 0
  // A clock that was set back takes no tokens away.
  const elapsedMs = Math.max(0, now - bucket.filledAt)
  const filled = bucket.tokens + (elapsedMs / perMs) * tokens
  bucket.tokens = Math.min(tokens, filled)
  bucket.filledAt = now
  if (bucket.tokens < 1) return ((1 - bucket.tokens) / tokens) * perMs
  bucket.tokens -= 1
  return 0
}
