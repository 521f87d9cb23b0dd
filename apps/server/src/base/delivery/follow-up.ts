import * as z from 'zod'
import type { Clock } from '#base/kernel'
import type { Db } from '#base/store'
import type { Delivery } from './open.ts'

/** Work that follows a change of what an account has set, on one node and a moment later. */
export interface FollowUp {
  /** In the transaction of the change. Changes that come close together are followed once. */
  arm(tx: Db, accountId: string): Promise<void>
}

/** By then every node has heard of the change. */
const AFTER_MS = 2_000
/** An account has one timer of each kind. */
const KEY = 'all'

export function openFollowUp(
  { delivery, clock }: { delivery: Delivery; clock: Pick<Clock, 'now'> },
  kind: string,
  follow: (accountId: string) => Promise<void>,
): FollowUp {
  delivery.onTimer({
    kind,
    isFollowUp: true,
    workers: 'platform',
    facts: z.object({}),
    async fire({ accountId, key, generation }) {
      await follow(accountId)
      const completesTimer = { kind, key, generation }
      await delivery.commit({ accountId, documents: [], completesTimer })
    },
    exhausted: 'dead letter',
  })
  return {
    arm: (tx, accountId) =>
      delivery.armTimer(tx, accountId, {
        kind,
        key: KEY,
        dueAt: clock.now() + AFTER_MS,
        facts: {},
      }),
  }
}
