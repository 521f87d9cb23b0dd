import type { AuditEntry } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { Base } from '#base/store'
import { selectEntries } from './repository.ts'

export interface AuditQuery {
  actor?: string | undefined
  object?: string | undefined
  action?: string | undefined
  address?: string | undefined
  via?: string | undefined
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
  { store }: Pick<Base, 'store'>,
  accountId: string,
  { after, ...filter }: AuditQuery,
): Promise<{ entries: AuditEntry[]; next?: string }> {
  const before = after === undefined ? undefined : readCursor(after)
  const rows = await selectEntries(store.db, accountId, { ...filter, before })
  const page = rows.slice(0, filter.limit)
  const last = page.at(-1)
  return {
    entries: page.map(({ accountId: _account, at, address, via, details, ...rest }) => ({
      ...rest,
      ...(address !== null && { address }),
      ...(via !== null && { via }),
      at: at.toISOString(),
      details: details as AuditEntry['details'],
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
