import { type CurrentCall, currentCall } from '#base/http'
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

/** Notes who did something, from where and by which key. Call it in the transaction that does it. */
export async function record(
  deps: Pick<Base, 'clock' | 'ids'>,
  tx: Db,
  accountId: string,
  { actor, action, object, details = {} }: AuditFacts,
): Promise<void> {
  const call = currentCall()
  const own = call?.principal.name === actor ? call : undefined
  if (call) call.isAudited = true
  await insertEntry(tx, {
    ...entryAt(deps, accountId),
    address: own?.address ?? null,
    via: own?.principal.via ?? null,
    actor,
    action,
    object,
    details: JSON.stringify(details),
  })
}

/** Notes a call whose operation has left no entry. */
export async function recordCall(
  deps: Pick<Base, 'clock' | 'ids' | 'store'>,
  call: CurrentCall,
  { action, object }: Pick<AuditFacts, 'action' | 'object'>,
): Promise<void> {
  const { accountId, name, via } = call.principal
  await insertEntry(deps.store.db, {
    ...entryAt(deps, accountId),
    actor: name,
    action,
    object,
    address: call.address,
    via: via ?? null,
    details: '{}',
  })
}

function entryAt({ clock, ids }: Pick<Base, 'clock' | 'ids'>, accountId: string) {
  return { accountId, at: new Date(clock.now()), auditId: ids.uuid() }
}
