import { ALL_ACCOUNTS, type Delivery, recurringTimer } from '#base/delivery'
import { endPartitions, makePartitions } from './partitions-repository.ts'
import { deleteOlder } from './retention-repository.ts'
import type { RecordsDeps } from './deps.ts'

const TIMER = 'record-retention'
const DAY_MS = 86_400_000
/** Until what could not be ended at night is tried again: a dump may read it for hours. */
const AGAIN_MS = 3_600_000
/** Partitions are made so early that six missed nights do no harm. */
const DAYS_AHEAD = 7

/** Every night: deletes what is older than the account keeps it, makes the partitions of the coming days, ends old ones. */
export async function startRetention(deps: RecordsDeps, delivery: Delivery): Promise<void> {
  const { clock, store } = deps
  delivery.onTimer(
    recurringTimer(
      { clock, delivery },
      {
        kind: TIMER,
        workers: 'platform',
        run: async () => ((await tidy(deps)) ? 'done' : 'partly'),
        nextAt: (_, outcome) =>
          outcome === 'done' ? nextNight(clock.now()) : clock.now() + AGAIN_MS,
      },
    ),
  )
  await makeDays(deps)
  const timer = { kind: TIMER, key: ALL_ACCOUNTS, dueAt: nextNight(clock.now()), facts: {} }
  await delivery.armTimerOnce(store.db, ALL_ACCOUNTS, timer)
}

/** Makes the partitions of today, the coming days, and yesterday: what happened just before midnight may be written after it. */
export function makeDays({ clock, store }: Pick<RecordsDeps, 'clock' | 'store'>): Promise<void> {
  return makePartitions(store.maintenance, clock.now() - DAY_MS, DAYS_AHEAD + 1)
}

/** Whether nothing is left that could not be ended now. */
async function tidy(deps: RecordsDeps): Promise<boolean> {
  const { accounts, audit, settings, clock, store, logger } = deps
  await makeDays(deps)
  const now = clock.now()
  const failures: unknown[] = []
  let isAllDeleted = true
  let endBefore = now
  for (const accountId of await accounts.listAccountIds()) {
    try {
      const { retention } = await settings.get(accountId)
      const ago = (days: number) => new Date(now - days * DAY_MS)
      const kept = { logs: ago(retention.logDays), records: ago(retention.invocationDays) }
      endBefore = Math.min(endBefore, kept.logs.getTime(), kept.records.getTime())
      const metrics = ago(retention.metricsDays)
      const areDeleted = await deleteOlder(store.maintenance, accountId, {
        ...kept,
        invocationMetrics: new Date(Math.min(metrics.getTime(), monthOf(now))),
        metrics,
        activities: ago(retention.activityDays),
        deadLetters: ago(retention.deadLetterDays),
      })
      isAllDeleted &&= areDeleted
      await audit.deleteBefore(accountId, ago(retention.auditDays))
    } catch (cause) {
      // The others' old entries must not stay because of this account.
      logger.error({ err: cause, accountId }, 'Old entries of an account could not be deleted')
      failures.push(cause)
    }
  }
  // How long the account that failed keeps its days is not known.
  if (failures.length > 0) return false
  try {
    await endPartitions(store.maintenance, endBefore)
    return isAllDeleted
  } catch (err) {
    logger.warn({ err }, 'Old days stay for now')
    return false
  }
}

/** The first of the month, in UTC: what an account may invoke in a month is counted from then on, however short its metrics are kept. */
function monthOf(now: number): number {
  const date = new Date(now)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
}

/** Half past midnight: other work runs at midnight. */
function nextNight(now: number): number {
  return now - (now % DAY_MS) + DAY_MS + DAY_MS / 48
}
