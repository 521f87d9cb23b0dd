import type { Insertable } from 'kysely'
import type { Db, Tables } from '#base/store'

export async function insertEntry(tx: Db, row: Insertable<Tables['auditEntry']>): Promise<void> {
  await tx.insertInto('auditEntry').values(row).execute()
}

interface EntryFilter {
  actor?: string | undefined
  object?: string | undefined
  action?: string | undefined
  address?: string | undefined
  via?: string | undefined
  from?: string | undefined
  to?: string | undefined
  before: { at: Date; auditId: string } | undefined
  limit: number
}

/** Newest first, one more than `limit` when there are more. */
export function selectEntries(
  db: Db,
  accountId: string,
  { actor, object, action, address, via, from, to, before, limit }: EntryFilter,
) {
  let query = db.selectFrom('auditEntry').selectAll().where('accountId', '=', accountId)
  if (actor !== undefined) query = query.where('actor', '=', actor)
  if (object !== undefined) query = query.where('object', '=', object)
  if (action !== undefined) query = query.where('action', '=', action)
  if (address !== undefined) query = query.where('address', '=', address)
  if (via !== undefined) query = query.where('via', '=', via)
  if (from !== undefined) query = query.where('at', '>=', new Date(from))
  if (to !== undefined) query = query.where('at', '<', new Date(to))
  if (before !== undefined) {
    const { at, auditId } = before
    query = query.where((eb) => eb(eb.refTuple('at', 'auditId'), '<', eb.tuple(at, auditId)))
  }
  return query
    .orderBy('at', 'desc')
    .orderBy('auditId', 'desc')
    .limit(limit + 1)
    .execute()
}
