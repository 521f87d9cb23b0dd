import { ParleyError } from '#kernel'
import type { AccountSettings } from '@parley/contract'
import type { WireFunctionsDeps } from './deps.ts'

export interface Admission {
  /** Throws when the account may not invoke now; a promise only when its settings had to be read. */
  admit(accountId: string): Promise<void> | undefined
}

interface Bucket {
  tokens: number
  filledAt: number
}

/** The account's switch and its rate limit over all functions, counted by this node. */
export function openAdmission({
  monotonic,
  accounts,
}: Pick<WireFunctionsDeps, 'monotonic' | 'accounts'>): Admission {
  const buckets = new Map<string, Bucket>()

  function check(accountId: string, { functionsEnabled, limits }: AccountSettings): void {
    if (!functionsEnabled) {
      throw new ParleyError('functions_disabled', `Functions are switched off for ${accountId}`)
    }
    if (limits.invocationsPerSecond !== null) take(accountId, limits.invocationsPerSecond)
  }

  function take(accountId: string, perSecond: number): void {
    const now = monotonic.now()
    const bucket = buckets.get(accountId) ?? { tokens: perSecond, filledAt: now }
    buckets.set(accountId, bucket)
    bucket.tokens = Math.min(
      perSecond,
      bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond,
    )
    bucket.filledAt = now
    if (bucket.tokens < 1) {
      throw new ParleyError(
        'rate_limited',
        `Account ${accountId} may invoke ${perSecond} functions per second`,
        { retryAfterMs: Math.max(1, ((1 - bucket.tokens) / perSecond) * 1000) },
      )
    }
    bucket.tokens--
  }

  return {
    admit(accountId) {
      const known = accounts.peekSettings(accountId)
      if (!known) return accounts.settings(accountId).then((read) => check(accountId, read))
      check(accountId, known)
      return undefined
    },
  }
}
