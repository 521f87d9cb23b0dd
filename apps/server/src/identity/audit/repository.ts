import type { AuditOutcome } from '@parley/contract'
import { type Insertable, sql } from 'kysely'
import type { Db, Tables } from '#base/store'

export type EntryRow = Insertable<Tables['auditEntry']>
/** The key of an entry, beside its account. */
export type EntryKey = Pick<EntryRow, 'at' | 'auditId'>

export async function insertEntry(tx: Db, row: EntryRow): Promise<void> {
  await tx.insertInto('auditEntry').values(row).execute()
}

/** Inserts entries, or adds their counts to those that are there. */
export async function addToEntries(tx: Db, rows: readonly EntryRow[]): Promise<void> {
  await tx
    .insertInto('auditEntry')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['accountId', 'at', 'auditId'])
        .doUpdateSet({ count: sql`audit_entry.count + excluded.count` }),
    )
    .execute()
}

/** Says how something ended that had begun. `false` when that is known already. */
export async function completeEntry(
  tx: Db,
  accountId: string,
  key: EntryKey,
  values: Partial<Omit<EntryRow, keyof EntryKey | 'accountId'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('auditEntry')
    .set(values)
    .where('accountId', '=', accountId)
    .where('at', '=', key.at)
    .where('auditId', '=', key.auditId)
    .where('outcome', '=', 'unknown')
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Takes away what had begun, where another entry says how it ended. */
export async function deleteBegunEntry(tx: Db, accountId: string, key: EntryKey): Promise<void> {
  await tx
    .deleteFrom('auditEntry')
    .where('accountId', '=', accountId)
    .where('at', '=', key.at)
    .where('auditId', '=', key.auditId)
    .where('outcome', '=', 'unknown')
    .execute()
}

interface EntryFilter {
  actor?: string | undefined
  object?: string | undefined
  action?: string | undefined
  address?: string | undefined
  via?: string | undefined
  outcome?: AuditOutcome | undefined
  from?: string | undefined
  to?: string | undefined
  before: { at: Date; auditId: string } | undefined
  limit: number
}

/** Newest first, one more than `limit` when there are more. */
export function selectEntries(
  db: Db,
  accountId: string,
  { actor, object, action, address, via, outcome, from, to, before, limit }: EntryFilter,
) {
  let query = db.selectFrom('auditEntry').selectAll().where('accountId', '=', accountId)
  if (actor !== undefined) query = query.where('actor', '=', actor)
  if (object !== undefined) query = query.where('object', '=', object)
  if (action !== undefined) query = query.where('action', '=', action)
  if (address !== undefined) query = query.where('address', '=', address)
  if (via !== undefined) query = query.where('via', '=', via)
  if (outcome !== undefined) query = query.where('outcome', '=', outcome)
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

/** Deletes the oldest entries, at most `limit` of them. Answers how many these were. */
export async function deleteOldest(
  db: Db,
  accountId: string,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('auditEntry')
    .where('accountId', '=', accountId)
    .where((eb) =>
      eb(
        eb.refTuple('at', 'auditId'),
        'in',
        eb
          .selectFrom('auditEntry')
          .select(['at', 'auditId'])
          .where('accountId', '=', accountId)
          .where('at', '<', before)
          .orderBy('at')
          .orderBy('auditId')
          .limit(limit)
          .$asTuple('at', 'auditId'),
      ),
    )
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
