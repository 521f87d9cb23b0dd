import { ALL_ACCOUNTS, recurringTimer, type TimerKind } from '#base/delivery'
import type { PrivacyDeps } from './deps.ts'
import { nextMidnight } from './retention.ts'

const TIMER = 'ends'
const HOUR_MS = 3_600_000

/** Arms the timer for the next night, unless it is armed. */
export async function startEnds({ delivery, store, clock }: PrivacyDeps): Promise<void> {
  const timer = { kind: TIMER, key: ALL_ACCOUNTS, dueAt: nextNight(clock.now()), facts: {} }
  await delivery.armTimerOnce(store.db, ALL_ACCOUNTS, timer)
}

/** Every night, account by account: what has been kept long enough. What could not be ended is tried again after an hour. */
export function endsTimer(deps: PrivacyDeps): TimerKind<object> {
  const { clock } = deps
  return recurringTimer(deps, {
    kind: TIMER,
    workers: 1,
    run: async () => ((await endAll(deps)) ? 'done' : 'partly'),
    nextAt: (_, outcome) => (outcome === 'done' ? nextNight(clock.now()) : clock.now() + HOUR_MS),
  })
}

async function endAll({ accounts, modules, logger }: PrivacyDeps): Promise<boolean> {
  let isAllDone = true
  for (const accountId of await accounts.listAccountIds()) {
    for (const module of modules) {
      try {
        if ((await module.endOld?.(accountId)) === false) isAllDone = false
      } catch (err) {
        // What others keep must not stay because of this one.
        logger.error({ err, accountId }, 'Something old could not be ended')
        isAllDone = false
      }
    }
  }
  return isAllDone
}

/** One o'clock: other work runs at midnight. */
function nextNight(now: number): number {
  return nextMidnight(now - HOUR_MS) + HOUR_MS
}
