import type { OperatorEntry } from '@parley/contract'
import { currentCall } from '#base/http'
import type { Db } from '#base/store'
import type { OperatorDeps } from './deps.ts'
import { OPERATOR } from './operator-key.ts'
import { type EntryPage, insertEntry, selectEntries } from './repository.ts'

/** Notes what the operator does, in the audit of the account and in the operator's own, which outlives it. */
export async function note(
  deps: Pick<OperatorDeps, 'audit' | 'clock'>,
  tx: Db,
  accountId: string,
  { action, details = {} }: { action: string; details?: Record<string, unknown> },
): Promise<void> {
  const object = `account:${accountId}`
  await deps.audit.record(tx, accountId, { actor: OPERATOR, action, object, details })
  await noteOutside(deps, tx, accountId, { action, details })
}

/** Notes it in the operator's own audit only. */
export async function noteOutside(
  { clock }: Pick<OperatorDeps, 'clock'>,
  tx: Db,
  accountId: string,
  { action, details = {} }: { action: string; details?: Record<string, unknown> },
): Promise<void> {
  const call = currentCall()
  await insertEntry(tx, {
    at: new Date(clock.now()),
    accountId,
    action,
    address: call?.address ?? null,
    via: call?.principal.via ?? null,
    details: JSON.stringify(details),
  })
}

/** Newest first. */
export async function listEntries(
  { store }: Pick<OperatorDeps, 'store'>,
  page: EntryPage,
): Promise<{ entries: OperatorEntry[] }> {
  const rows = await selectEntries(store.db, page)
  return {
    entries: rows.map(({ at, address, via, details, ...rest }) => ({
      ...rest,
      at: at.toISOString(),
      ...(address !== null && { address }),
      ...(via !== null && { via }),
      details: details as OperatorEntry['details'],
    })),
  }
}
