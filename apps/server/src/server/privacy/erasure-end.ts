import * as z from 'zod'
import type { TimerKind } from '#base/delivery'
import type { TimerArm } from '#base/store'
import type { PrivacyDeps } from './deps.ts'

export const ERASURE = 'erasure'
const ERASURE_END = 'erasure-end'
const DAY_MS = 86_400_000
const Facts = z.object({ erasureId: z.string() })

/** What is known of an erasure names the consumer: it ends as the audit does. */
export async function endOfErasure(
  { settings, clock }: Pick<PrivacyDeps, 'settings' | 'clock'>,
  accountId: string,
  erasureId: string,
): Promise<TimerArm> {
  const { auditDays } = (await settings.get(accountId)).retention
  const dueAt = clock.now() + auditDays * DAY_MS
  return { kind: ERASURE_END, key: erasureId, dueAt, facts: { erasureId } }
}

export function erasureEndTimer({
  store,
  delivery,
}: PrivacyDeps): TimerKind<z.infer<typeof Facts>> {
  return {
    kind: ERASURE_END,
    workers: 1,
    exhausted: 'dead letter',
    facts: Facts,
    async fire(timer) {
      await store.transaction(async (tx) => {
        if (!(await delivery.endTimer(tx, timer))) return
        await tx
          .deleteFrom('document')
          .where('accountId', '=', timer.accountId)
          .where('kind', '=', ERASURE)
          .where('id', '=', timer.facts.erasureId)
          .execute()
      })
    },
  }
}
