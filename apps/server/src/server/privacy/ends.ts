import { ALL_ACCOUNTS, recurringTimer, type TimerKind } from '#base/delivery'
import type { Erasing, PrivacyDeps } from './deps.ts'
import { bringBackRetention, nextMidnight } from './retention.ts'

const TIMER = 'ends'
const HOUR_MS = 3_600_000

/** Arms the timer for the next night, unless it is armed: where a clock that was ahead has done that, it and all else of the night are due now. */
export async function startEnds({ delivery, store, clock }: PrivacyDeps): Promise<void> {
  const now = clock.now()
  const timer = { kind: TIMER, key: ALL_ACCOUNTS, dueAt: nextNight(now), facts: {} }
  await delivery.armTimerOnce(store.db, ALL_ACCOUNTS, timer)
  const latest = nextMidnight(now) + HOUR_MS
  await delivery.bringAllBack(store.db, ALL_ACCOUNTS, { latest, dueAt: now })
}

/** At once, on a node whose clock has just been set back: what it, or another one, has armed meanwhile may be far away. */
export async function bringNightForward({ delivery, store, clock }: PrivacyDeps): Promise<void> {
  const now = clock.now()
  await delivery.bringAllBack(store.db, ALL_ACCOUNTS, { latest: now, dueAt: now })
  delivery.wake()
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
  const accountIds = await accounts.listAccountIds()
  // First for all: what is to end may be much, and schedules stand still until then.
  await each('Something could not be brought back', async (module, accountId) => {
    await module.bringBack?.(accountId)
  })
  await each('Something old could not be ended', async (module, accountId) => {
    if ((await module.endOld?.(accountId)) === false) isAllDone = false
  })
  return isAllDone

  async function each(
    failure: string,
    run: (module: Erasing, accountId: string) => Promise<void>,
  ): Promise<void> {
    for (const accountId of accountIds) {
      for (const module of all) {
        try {
          await run(module, accountId)
        } catch (err) {
          // What others keep must not stay because of this one.
          logger.error({ err, accountId }, failure)
          isAllDone = false
        }
      }
    }
  }
}

/** One o'clock: other work runs at midnight. */
function nextNight(now: number): number {
  return nextMidnight(now - HOUR_MS) + HOUR_MS
}
