import type { AllSettings } from '@parley/contract'
import { recurringTimer, type TimerKind } from '#base/delivery'
import type { Db } from '#base/store'
import type { PrivacyDeps } from './deps.ts'
import { eraseInModules } from './erase-in-modules.ts'

const RETENTION = 'retention'
const KEY = 'conversations'
const DAY_MS = 24 * 3600_000
const PAGE = 200

/** Arms the timer for the next midnight when the account has a retention. */
export async function keepRetention(
  { delivery, clock }: Pick<PrivacyDeps, 'delivery' | 'clock'>,
  db: Db,
  accountId: string,
  { retention }: Pick<AllSettings, 'retention'>,
): Promise<void> {
  // An armed timer is not armed again once the account has no retention.
  if (retention.conversationDays === null) return
  const dueAt = nextMidnight(clock.now())
  const timer = { kind: RETENTION, key: KEY, dueAt, facts: {} }
  await delivery.armTimerOnce(db, accountId, timer)
}

export async function bringBackRetention(
  { delivery, store, clock }: Pick<PrivacyDeps, 'delivery' | 'store' | 'clock'>,
  accountId: string,
): Promise<void> {
  const now = clock.now()
  const timer = { kind: RETENTION, key: KEY, latest: nextMidnight(now), dueAt: now }
  await delivery.bringTimerBack(store.db, accountId, timer)
}

/** After an instant; UTC. */
export function nextMidnight(now: number): number {
  return (Math.floor(now / DAY_MS) + 1) * DAY_MS
}

export function retentionTimer(deps: PrivacyDeps): TimerKind<object> {
  const { settings, clock } = deps
  const daysOf = async (accountId: string) =>
    (await settings.get(accountId)).retention.conversationDays
  return recurringTimer(deps, {
    kind: RETENTION,
    workers: 1,
    async run({ accountId }) {
      const days = await daysOf(accountId)
      if (days === null) return 'done'
      const before = clock.now() - days * DAY_MS
      await eraseEndedBefore(deps, accountId, before)
      for (const module of deps.modules) await module.eraseEndedBefore?.(accountId, before)
      return 'done'
    },
    nextAt: async ({ accountId }) =>
      (await daysOf(accountId)) === null ? undefined : nextMidnight(clock.now()),
  })
}

async function eraseEndedBefore(
  deps: PrivacyDeps,
  accountId: string,
  before: number,
): Promise<void> {
  const { conversations } = deps
  for (;;) {
    const ended = await conversations.listEndedBefore(accountId, before, PAGE)
    if (ended.length === 0) return
    const conversationIds = ended.map(({ conversationId }) => conversationId)
    const consumerIds = new Set(
      ended.flatMap(({ consumerId, formerConsumerIds }) =>
        [consumerId ?? [], formerConsumerIds].flat(),
      ),
    )
    await eraseInModules(deps, accountId, { conversationIds, consumerIds: [] })
    await conversations.eraseEnded(accountId, { conversationIds, consumerIds: [...consumerIds] })
  }
}
