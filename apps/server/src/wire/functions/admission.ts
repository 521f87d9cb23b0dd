import { ParleyError } from '#base/kernel'
import { boundedMap, declareBound, openRateLimit } from '#base/bounds'
import type { AccountSettings } from '@parley/contract'
import { functionsDisabled } from '#identity/settings'
import type { Deps } from './deps.ts'

export interface Admission {
  /**
   * Returns a promise only when settings or counts must be read.
   * @throws ParleyError when the account may not invoke now
   */
  admit(accountId: string): Promise<void> | undefined
  /** A call that was admitted has not run: it does not count in its month. */
  takeBack(accountId: string): void
}

const COUNT_EVERY_MS = 60_000

const RATES = declareBound({
  kind: 'map',
  holds: 'accounts whose invocations of this second are counted',
  limit: 10_000,
  per: 'node',
  beyond: 'the least recently used one is forgotten',
})
const MONTHS = declareBound({
  kind: 'map',
  holds: 'accounts whose invocations of this month are counted',
  limit: 10_000,
  per: 'node',
  beyond: 'the least recently used one is forgotten, and counted again',
})

/** What an account has invoked since the first of the month. */
interface Month {
  count: number
  /** Then it is counted again. */
  until: number
  counted: Promise<void>
}

/** Checks the account's switch and its limits over all functions. Each node counts its own invocations per second. */
export function openAdmission({
  monotonic,
  clock,
  settings,
  metrics,
}: Pick<Deps, 'monotonic' | 'clock' | 'settings' | 'metrics'>): Admission {
  const perSecond = openRateLimit(RATES, () => monotonic.now())
  const months = boundedMap<string, Month>(MONTHS)

  /** All calls that come while an account is counted wait for the one count. */
  function monthOf(accountId: string, now: number): Month {
    const known = months.get(accountId)
    if (known && now < known.until) return known
    const month: Month = {
      count: 0,
      until: Math.min(now + COUNT_EVERY_MS, nextMonth(now)),
      counted: metrics.countThisMonth(accountId).then(({ succeeded, failed }) => {
        month.count = succeeded + failed
      }),
    }
    months.set(accountId, month)
    month.counted.catch(() => months.get(accountId) === month && months.delete(accountId))
    return month
  }

  async function checkMonth(accountId: string, limit: number): Promise<void> {
    const now = clock.now()
    const month = monthOf(accountId, now)
    await month.counted
    if (month.count >= limit) {
      throw new ParleyError('rate_limited', `Account ${accountId} may invoke ${limit} per month`, {
        retryAfterMs: nextMonth(now) - now,
      })
    }
    month.count++
  }

  function check(
    accountId: string,
    { functionsEnabled, limits }: AccountSettings,
  ): Promise<void> | undefined {
    if (!functionsEnabled) {
      throw functionsDisabled(accountId)
    }
    if (limits.invocationsPerSecond !== null) take(accountId, limits.invocationsPerSecond)
    return limits.invocationsPerMonth === null
      ? undefined
      : checkMonth(accountId, limits.invocationsPerMonth)
  }

  function take(accountId: string, tokens: number): void {
    const waitMs = perSecond.take(accountId, { tokens, perMs: 1000 })
    if (waitMs > 0) {
      throw new ParleyError(
        'rate_limited',
        `Account ${accountId} may invoke ${tokens} functions per second`,
        { retryAfterMs: Math.max(1, waitMs) },
      )
    }
  }

  return {
    admit(accountId) {
      const known = settings.peek(accountId)
      if (!known) return settings.get(accountId).then((read) => check(accountId, read))
      return check(accountId, known)
    },
    takeBack(accountId) {
      const month = months.get(accountId)
      if (month && month.count > 0) month.count--
    },
  }
}

function nextMonth(now: number): number {
  const date = new Date(now)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
}
