import { ALL_ACCOUNTS, recurringTimer, type TimerKind } from '#base/delivery'
import type { Erasing, PrivacyDeps } from './deps.ts'
import { bringBackRetention, nextMidnight } from './retention.ts'

const TIMER = 'ends'
const HOUR_MS = 3_600_000

/** Arms the timer for the next night, unless it is armed: where a clock that was ahead has done that, it is due now. */
export async function startEnds({ delivery, store, clock }: PrivacyDeps): Promise<void> {
  const now = clock.now()
  const timer = { kind: TIMER, key: ALL_ACCOUNTS, dueAt: nextNight(now), facts: {} }
  await delivery.armTimerOnce(store.db, ALL_ACCOUNTS, timer)
  await delivery.bringTimerBack(store.db, ALL_ACCOUNTS, {
    ...timer,
    latest: timer.dueAt,
    dueAt: now,
  })
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

async function endAll(deps: PrivacyDeps): Promise<boolean> {
  const { accounts, modules, logger } = deps
  const all: readonly Erasing[] = [
    ...modules,
    { bringBack: (accountId) => bringBackRetention(deps, accountId) },
  ]
  let isAllDone = true
  for (const accountId of await accounts.listAccountIds()) {
    for (const module of all) {
      try {
        await module.bringBack?.(accountId)
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
