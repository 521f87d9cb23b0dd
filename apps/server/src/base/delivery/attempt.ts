import { messageOf } from '#base/kernel'
import type { RunDeps } from './deps.ts'
import { NotNow } from './not-now.ts'
import { nextAttemptAt, refusesStart } from './retry-policy.ts'
import type { RetryPolicy } from './types.ts'

/** One start of a row or timer that this node holds. */
export interface Attempt {
  /** For logs: which consumer or kind, which row or key. */
  name: string
  accountId: string
  policy: RetryPolicy
  starts: number
  failures: number
  firstAttemptAt: number
  run(): Promise<void>
  /** Whether no commit has ended it yet. */
  isHeld(): boolean
  /** Gives it back without counting this start. Absent: that counts as a failure. */
  putOff?(runAt: number): Promise<void>
  /** Gives it back as if it had not been started: its account is suspended, or the database has no room. */
  rest(): Promise<void>
  /** Gives it back for another attempt. */
  postpone(runAt: number): Promise<void>
  /** Ends it for good: there is no further attempt. */
  exhaust(cause: unknown): Promise<void>
}

type AttemptDeps = Pick<RunDeps, 'store' | 'clock' | 'logger' | 'hint'>

/** Makes one attempt, then retries, or gives up, by the policy. Never rejects: a lease that is not given back runs out. */
export async function makeAttempt(deps: AttemptDeps, attempt: Attempt): Promise<void> {
  const { name, accountId, starts } = attempt
  const log = { work: name, accountId, attempt: starts }
  const isResting = () => deps.store.suspensions.has(accountId) || deps.store.isFull()
  try {
    if (isResting()) return await attempt.rest()
    const cause = await failureOf(deps, attempt)
    if (cause === undefined) return
    if (!attempt.isHeld()) {
      deps.logger.error({ ...log, err: cause }, 'Work failed after it had ended')
      return
    }
    if (isResting()) return await attempt.rest()
    if (cause instanceof NotNow && attempt.putOff) {
      await attempt.putOff(cause.runAt)
      deps.hint(cause.runAt)
      return
    }
    const failures = attempt.failures + 1
    const runAt = nextAttemptAt(attempt.policy, { ...attempt, failures, now: deps.clock.now() })
    deps.logger.warn({ ...log, err: cause, runAt }, 'Work failed')
    if (runAt === undefined) return await attempt.exhaust(cause)
    await attempt.postpone(runAt)
    deps.hint(runAt)
  } catch (err) {
    deps.logger.error(
      { ...log, err },
      'Work could not be given back; it is taken again when its lease has run out',
    )
  }
}

async function failureOf({ clock }: AttemptDeps, attempt: Attempt): Promise<unknown> {
  const refusal = refusesStart(attempt.policy, { ...attempt, now: clock.now() })
  if (refusal !== undefined) {
    await attempt.exhaust(new Error(refusal))
    return undefined
  }
  try {
    await attempt.run()
  } catch (cause) {
    return cause ?? new Error(messageOf(cause))
  }
  return attempt.isHeld()
    ? new Error(`${attempt.name} returned without ending its work`)
    : undefined
}
