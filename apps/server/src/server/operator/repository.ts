import { type Insertable, sql } from 'kysely'
import { type Db, lockFirst, type Tables } from '#base/store'

const ACCOUNT = ['accountId', 'name', 'createdAt', 'suspendedAt', 'endingAt'] as const

/** By id, one more than `limit` when there are more. */
export function selectAccounts(
  db: Db,
  { after, limit }: { after?: string | undefined; limit: number },
) {
  let query = db.selectFrom('account').select(ACCOUNT)
  if (after !== undefined) query = query.where('accountId', '>', after)
  return query
    .orderBy('accountId')
    .limit(limit + 1)
    .execute()
}

export function findAccount(db: Db, accountId: string) {
  return db
    .selectFrom('account')
    .select(ACCOUNT)
    .where('accountId', '=', accountId)
    .executeTakeFirst()
}

/** Others that change it wait until the transaction ends. */
export function lockForChange(tx: Db, accountId: string) {
  return lockFirst(tx.selectFrom('account').select(ACCOUNT).where('accountId', '=', accountId))
}

export async function setSuspendedAt(
  tx: Db,
  accountId: string,
  suspendedAt: Date | null,
): Promise<void> {
  await tx.updateTable('account').set({ suspendedAt }).where('accountId', '=', accountId).execute()
}

export async function setEndingAt(tx: Db, accountId: string, endingAt: Date): Promise<void> {
  await tx.updateTable('account').set({ endingAt }).where('accountId', '=', accountId).execute()
}

/** Whether there is another account that stays. It stays until the transaction ends. */
export async function hasOthers(tx: Db, accountId: string): Promise<boolean> {
  const other = await tx
    .selectFrom('account')
    .select('accountId')
    .where('accountId', '<>', accountId)
    .where('endingAt', 'is', null)
    .limit(1)
    .forShare()
    .executeTakeFirst()
  return other !== undefined
}

/** The row of an account that is being ended, and what was noted of it last. `false` when it is gone. */
export async function deleteAccount(tx: Db, accountId: string): Promise<boolean> {
  await tx.deleteFrom('auditEntry').where('accountId', '=', accountId).execute()
  const { numDeletedRows } = await tx
    .deleteFrom('account')
    .where('accountId', '=', accountId)
    .where('endingAt', 'is not', null)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

export async function insertEntry(tx: Db, row: Insertable<Tables['operatorEntry']>): Promise<void> {
  await tx.insertInto('operatorEntry').values(row).execute()
}

export interface EntryPage {
  accountId?: string | undefined
  before?: number | undefined
  limit: number
}

export function selectEntries(db: Db, { accountId, before, limit }: EntryPage) {
  let query = db.selectFrom('operatorEntry').selectAll()
  if (accountId !== undefined) query = query.where('accountId', '=', accountId)
  if (before !== undefined) query = query.where('entryId', '<', before)
  return query.orderBy('entryId', 'desc').limit(limit).execute()
}

export function selectNodes(db: Db) {
  const silentMs = sql<number>`greatest(0, ceil(extract(epoch from clock_timestamp() - seen_at) * 1000))::int8`
  return db
    .selectFrom('node')
    .select(['nodeId', 'connections', silentMs.as('silentMs')])
    .orderBy('nodeId')
    .execute()
}
