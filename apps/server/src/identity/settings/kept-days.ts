import * as z from 'zod'
import { type Delivery, openFollowUp } from '#base/delivery'
import type { Base } from '#base/store'
import type { Settings } from './open.ts'

const DAY_MS = 86_400_000

/** Settings by whose days timers end what is kept. */
type KeptDays = 'profileDays' | 'visitorDays' | 'auditDays'

/** In the facts of such timers: from when the days count. Absent where a version before armed them. */
export const Since = z.object({ since: z.number().optional() })

type Deps = Pick<Base, 'store' | 'clock'> & {
  delivery: Delivery
  settings: Pick<Settings, 'get' | 'alsoWrite' | 'readAgain'>
}

/** When that ends, by the days of now. */
export async function endOfDays(
  { settings }: Pick<Deps, 'settings'>,
  accountId: string,
  days: KeptDays,
  since: number,
): Promise<number> {
  return since + (await settings.get(accountId)).retention[days] * DAY_MS
}

/**
 * What timers of a kind end ends earlier once an account wants fewer days. More days are seen by those that fire.
 * @param facts by the setting that they go by, what its timers have in their facts
 */
export function followFewerDays(
  { delivery, settings, store, clock }: Deps,
  kind: string,
  facts: Partial<Record<KeptDays, object>>,
): void {
  const kept = Object.entries(facts) as [KeptDays, object][]
  const followUp = openFollowUp({ delivery, clock }, `${kind}-days-changed`, async (accountId) => {
    settings.readAgain(accountId)
    const now = clock.now()
    for (const [days, own] of kept) {
      const afterMs = (await endOfDays({ settings }, accountId, days, now)) - now
      await delivery.bringForward(store.db, accountId, { kind, facts: own, afterMs, now })
    }
  })
  settings.alsoWrite(async (tx, accountId, { before, after }) => {
    const isFewer = kept.some(([days]) => after.retention[days] < before.retention[days])
    if (isFewer) await followUp.arm(tx, accountId)
  })
}
