import type { AuditEntry, AuditOutcome } from '@parley/contract'
import { isUuid } from '#base/kernel'
import { readInstantCursor, writeCursor } from '#base/kit'
import type { AuditDeps } from './deps.ts'
import { selectEntries } from './repository.ts'

export interface AuditQuery {
  actor?: string | undefined
  object?: string | undefined
  action?: string | undefined
  address?: string | undefined
  via?: string | undefined
  outcome?: AuditOutcome | undefined
  /** Inclusive, as ISO 8601. */
  from?: string | undefined
  /** Exclusive, as ISO 8601. */
  to?: string | undefined
  limit: number
  /** The `next` of the page before. */
  after?: string | undefined
}

/** Entries of an account, newest first. */
export async function list(
  { store, repeated }: Pick<AuditDeps, 'store' | 'repeated'>,
  accountId: string,
  { after, ...filter }: AuditQuery,
): Promise<{ entries: AuditEntry[]; next?: string }> {
  const before = after === undefined ? undefined : placeOf(after)
  await repeated.flush()
  const rows = await selectEntries(store.db, accountId, { ...filter, before })
  const page = rows.slice(0, filter.limit)
  const last = page.at(-1)
  return {
    entries: page.map(({ accountId: _account, at, address, via, outcome, count, ...rest }) => ({
      ...rest,
      ...(address !== null && { address }),
      ...(via !== null && { via }),
      ...(outcome !== null && { outcome }),
      ...(count !== null && count > 1 && { count }),
      at: at.toISOString(),
      details: rest.details as AuditEntry['details'],
    })),
    ...(rows.length > filter.limit &&
      last && { next: writeCursor(last.at.getTime(), last.auditId) }),
  }
}

function placeOf(cursor: string): { at: Date; auditId: string } {
  const { at, id } = readInstantCursor(cursor, isUuid)
  return { at: new Date(at), auditId: id }
}
