import { type Delivery, recurringTimer } from '#base/delivery'
import { dropPartitions, makePartitions } from './partitions-repository.ts'
import { deleteOlder } from './retention-repository.ts'
import type { RecordsDeps } from './deps.ts'

const TIMER = 'record-retention'
/** Key of the timer for all accounts. No account has this id. */
const ALL = '*'
const DAY_MS = 86_400_000
/** Partitions are made so early that two missed nights do no harm. */
const DAYS_AHEAD = 3

/** Every night: deletes what is older than the account keeps it, makes the partitions of the coming days, drops old ones. */
export async function startRetention(deps: RecordsDeps, delivery: Delivery): Promise<void> {
  delivery.onTimer(
    recurringTimer(delivery, {
      kind: TIMER,
      run: () => tidy(deps),
      nextAt: () => nextNight(deps.clock.now()),
    }),
  )
  const now = deps.clock.now()
  await makePartitions(deps.store.db, now, DAYS_AHEAD)
  const timer = { kind: TIMER, key: ALL, dueAt: nextNight(now), facts: {} }
  await delivery.armTimerOnce(deps.store.db, ALL, timer)
}

async function tidy(deps: RecordsDeps): Promise<void> {
  const { accounts, settings, clock, store } = deps
  const now = clock.now()
  const failures: unknown[] = []
  const dropBefore = { at: now }
  for (const accountId of await accounts.listAccountIds()) {
    try {
      const { retention } = await settings.get(accountId)
      const ago = (days: number) => new Date(now - days * DAY_MS)
      const kept = { logs: ago(retention.logDays), records: ago(retention.invocationDays) }
      dropBefore.at = Math.min(dropBefore.at, kept.logs.getTime(), kept.records.getTime())
      await deleteOlder(store.db, accountId, {
        ...kept,
        metrics: ago(retention.metricsDays),
        activities: ago(retention.activityDays),
        deadLetters: ago(retention.deadLetterDays),
      })
    } catch (cause) {
      // The others' old entries, and everybody's partitions, must not wait for this account.
      failures.push(cause)
    }
  }
  await makePartitions(store.db, now, DAYS_AHEAD)
  if (failures.length > 0) throw new AggregateError(failures, 'Some accounts could not be tidied')
  await dropPartitions(store.db, dropBefore.at)
}

/** Half past midnight: other work runs at midnight. */
function nextNight(now: number): number {
  return now - (now % DAY_MS) + DAY_MS + DAY_MS / 48
}
