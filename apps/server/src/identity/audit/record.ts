import type { Base, Db } from '#base/store'
import { insertEntry } from './repository.ts'

/** Who does something: a login name, `client:<id>`, `key:<id>` or `system`. */
export type Actor = string

export interface AuditFacts {
  actor: Actor
  /** Such as `user.changed`. */
  action: string
  /** Such as `user:1001`. */
  object: string
  /** Never secrets. */
  details?: Record<string, unknown>
}

/** Notes who did something. Call it in the transaction that does it. */
export async function record(
  { clock, ids }: Pick<Base, 'clock' | 'ids'>,
  tx: Db,
  accountId: string,
  { actor, action, object, details = {} }: AuditFacts,
): Promise<void> {
  await insertEntry(tx, {
    accountId,
    at: new Date(clock.now()),
    auditId: ids.uuid(),
    actor,
    action,
    object,
    details: JSON.stringify(details),
  })
}
