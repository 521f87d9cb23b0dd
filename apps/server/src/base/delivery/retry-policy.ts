import type { RetryPolicy } from './types.ts'

const RETRY_DELAYS_MS = [500, 2_000, 5_000]
const RETRY_WINDOW_MS = 60_000
/** A start that never ended took its node with it; this many are enough. */
const MAX_STARTS = 25

/** When to try again after a failure; `undefined` when that was the last attempt. */
export function nextAttemptAt(
  policy: RetryPolicy,
  { failures, firstAttemptAt, now }: { failures: number; firstAttemptAt: number; now: number },
): number | undefined {
  const delay = (policy.retryDelaysMs ?? RETRY_DELAYS_MS)[failures - 1]
  if (delay === undefined) return undefined
  const at = now + delay
  return at > windowEnd(policy, firstAttemptAt) ? undefined : at
}

/** Why a start must not be made; `undefined` when it may. The first attempt is always made, however late. */
export function refusesStart(
  policy: RetryPolicy,
  {
    starts,
    failures,
    firstAttemptAt,
    now,
  }: { starts: number; failures: number; firstAttemptAt: number; now: number },
): string | undefined {
  if (starts > MAX_STARTS) return `Started ${starts - 1} times without coming to an end`
  if (failures > 0 && now > windowEnd(policy, firstAttemptAt)) return 'No attempt succeeded in time'
  return undefined
}

function windowEnd(policy: RetryPolicy, firstAttemptAt: number): number {
  return firstAttemptAt + (policy.retryWindowMs ?? RETRY_WINDOW_MS)
}
