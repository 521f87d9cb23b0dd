import type { AuditEntry, AuditOutcome } from '@parley/contract'
import { ParleyError } from '#base/kernel'
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
  const before = after === undefined ? undefined : readCursor(after)
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
    ...(rows.length > filter.limit && last && { next: `${last.at.getTime()}.${last.auditId}` }),
  }
}

function readCursor(cursor: string): { at: Date; auditId: string } {
  const [, ms, auditId] =
    /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor) ?? []
  if (ms === undefined || auditId === undefined) {
    throw new ParleyError('invalid_request', 'query.after: must be the `next` of another page')
  }
  return { at: new Date(Number(ms)), auditId }
}
