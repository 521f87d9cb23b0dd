import { z } from 'zod'
import type { Delivery } from '#base/delivery'
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
  delivery.onTimer({
    kind: TIMER,
    facts: z.object({}),
    async fire({ kind, key, generation }) {
      await tidy(deps)
      const dueAt = nextNight(deps.clock.now())
      await delivery.commit({
        accountId: ALL,
        documents: [],
        completesTimer: { kind, key, generation },
        arm: [{ kind, key, dueAt, facts: {} }],
      })
    },
  })
  const now = deps.clock.now()
  await makePartitions(deps.store.db, now, DAYS_AHEAD)
  const timer = { kind: TIMER, key: ALL, dueAt: nextNight(now), facts: {} }
  await delivery.armTimerOnce(deps.store.db, ALL, timer)
}

async function tidy(deps: RecordsDeps): Promise<void> {
  const { accounts, settings, clock, store } = deps
  const now = clock.now()
  let longestDays = 0
  for (const accountId of await accounts.listAccountIds()) {
    const { retention } = await settings.get(accountId)
    longestDays = Math.max(longestDays, retention.logDays, retention.invocationDays)
    const ago = (days: number) => new Date(now - days * DAY_MS)
    await deleteOlder(store.db, accountId, {
      logs: ago(retention.logDays),
      records: ago(retention.invocationDays),
      metrics: ago(retention.metricsDays),
      activities: ago(retention.activityDays),
      deadLetters: ago(retention.deadLetterDays),
    })
  }
  await dropPartitions(store.db, now - longestDays * DAY_MS)
  await makePartitions(store.db, now, DAYS_AHEAD)
}

/** Half past midnight: other work runs at midnight. */
function nextNight(now: number): number {
  return now - (now % DAY_MS) + DAY_MS + DAY_MS / 48
}
