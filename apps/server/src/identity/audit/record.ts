import { currentCall } from '#base/http'
import type { Db } from '#base/store'
import type { AuditDeps } from './deps.ts'
import type { AuditFacts, RepeatedFacts } from './facts.ts'
import { addToEntries, completeEntry, deleteBegunEntry, insertEntry } from './repository.ts'

/** Notes who did something, from where and by which key. Call it in the transaction that does it. */
export async function record(
  { clock, ids }: Pick<AuditDeps, 'clock' | 'ids'>,
  tx: Db,
  accountId: string,
  { actor, action, object, details = {} }: AuditFacts,
): Promise<void> {
  const call = currentCall()
  const own = call?.principal.name === actor ? call : undefined
  const noted = {
    address: own?.address ?? null,
    via: own?.principal.via ?? null,
    actor,
    action,
    object,
    outcome: null,
    details: JSON.stringify(details),
  }
  // The first entry of a call takes the place of the one that says that the call has begun.
  if (call?.begun && (await completeEntry(tx, accountId, call.begun, noted))) return
  await insertEntry(tx, { accountId, at: new Date(clock.now()), auditId: ids.uuid(), ...noted })
}

/** The same for what is done often: one entry a minute, with a count. */
export async function recordRepeated(
  { repeated }: Pick<AuditDeps, 'repeated'>,
  tx: Db,
  accountId: string,
  facts: RepeatedFacts,
): Promise<void> {
  await addToEntries(tx, [repeated.entryOf(accountId, facts)])
  const begun = currentCall()?.begun
  if (begun) await deleteBegunEntry(tx, accountId, begun)
}
