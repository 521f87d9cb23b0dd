import * as z from 'zod'
import type { TimerKind } from '#base/delivery'
import type { TimerArm } from '#base/store'
import { endOfDays, Since } from '#identity/settings'
import type { PrivacyDeps } from './deps.ts'

export const ERASURE = 'erasure'
export const ERASURE_END = 'erasure-end'
const Facts = Since.extend({ erasureId: z.string() })

/** What is known of an erasure names the consumer: it ends as the audit does. */
export async function endOfErasure(
  { settings, clock }: Pick<PrivacyDeps, 'settings' | 'clock'>,
  accountId: string,
  erasureId: string,
  since = clock.now(),
): Promise<TimerArm> {
  const dueAt = await endOfDays({ settings }, accountId, 'auditDays', since)
  return { kind: ERASURE_END, key: erasureId, dueAt, facts: { erasureId, since } }
}

export function erasureEndTimer(deps: PrivacyDeps): TimerKind<z.infer<typeof Facts>> {
  const { store, delivery } = deps
  return {
    kind: ERASURE_END,
    workers: 1,
    exhausted: 'dead letter',
    facts: Facts,
    async fire(timer) {
      const { accountId, facts } = timer
      const { erasureId, since } = facts
      const end = await endOfErasure(deps, accountId, erasureId, since)
      await store.transaction(async (tx) => {
        if (!(await delivery.endTimer(tx, timer))) return
        // The account wants more days now.
        if (since !== undefined && end.dueAt > timer.dueAt) {
          await delivery.armTimer(tx, accountId, end)
          return
        }
        await tx
          .deleteFrom('document')
          .where('accountId', '=', accountId)
          .where('kind', '=', ERASURE)
          .where('id', '=', erasureId)
          .execute()
      })
    },
  }
}
