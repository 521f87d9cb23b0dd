import { type Insertable, sql } from 'kysely'
import { deleteByPages } from '#base/kit'
import type { Db, Tables } from '#base/store'

export interface ItemKey {
  accountId: string
  kind: string
  id: string
}

export function findItem(db: Db, { accountId, kind, id }: ItemKey) {
  return db
    .selectFrom('grantItem')
    .select(['id', 'payloadBox', 'consumedAt', 'expiresAt'])
    .where('accountId', '=', accountId)
    .where('kind', '=', kind)
    .where('id', '=', id)
    .executeTakeFirst()
}

export function findItemOfSession(
  db: Db,
  { accountId, kind, sessionId }: { accountId: string; kind: string; sessionId: string },
) {
  return db
    .selectFrom('grantItem')
    .select(['id', 'payloadBox', 'consumedAt', 'expiresAt'])
    .where('accountId', '=', accountId)
    .where('kind', '=', kind)
    .where('sessionId', '=', sessionId)
    .executeTakeFirst()
}

export function findGrant(
  db: Db,
  accountId: string,
  { id, userId, clientId }: { id: string; userId: string; clientId: string },
) {
  return db
    .selectFrom('grantItem')
    .select('expiresAt')
    .where('accountId', '=', accountId)
    .where('kind', '=', 'Grant')
    .where('id', '=', id)
    .where('userId', '=', userId)
    .where('clientId', '=', clientId)
    .executeTakeFirst()
}

/** Keeps whether it was used. */
export async function putItem(db: Db, row: Insertable<Tables['grantItem']>): Promise<void> {
  const { accountId: _account, kind: _kind, id: _id, ...changed } = row
  await db
    .insertInto('grantItem')
    .values(row)
    .onConflict((conflict) => conflict.columns(['accountId', 'kind', 'id']).doUpdateSet(changed))
    .execute()
}

/** `false` when it was used before, or is gone. */
export async function consumeItem(
  db: Db,
  { accountId, kind, id }: ItemKey,
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('grantItem')
    .set({ consumedAt: at })
    .where('accountId', '=', accountId)
    .where('kind', '=', kind)
    .where('id', '=', id)
    .where('consumedAt', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function deleteItem(db: Db, { accountId, kind, id }: ItemKey): Promise<void> {
  await db
    .deleteFrom('grantItem')
    .where('accountId', '=', accountId)
    .where('kind', '=', kind)
    .where('id', '=', id)
    .execute()
}

export function findGrantOf(db: Db, { accountId, kind, id }: ItemKey) {
  return db
    .selectFrom('grantItem')
    .select('grantId')
    .where('accountId', '=', accountId)
    .where('kind', '=', kind)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** With all codes and tokens that came of it. */
export async function deleteGrant(db: Db, accountId: string, grantId: string): Promise<void> {
  await db
    .deleteFrom('grantItem')
    .where('accountId', '=', accountId)
    .where((eb) =>
      eb.or([
        eb('grantId', '=', grantId),
        eb.and([eb('kind', '=', 'Grant'), eb('id', '=', grantId)]),
      ]),
    )
    .execute()
}

export async function deleteItemsOfUser(tx: Db, accountId: string, userId: string): Promise<void> {
  await tx
    .deleteFrom('grantItem')
    .where('accountId', '=', accountId)
    .where('userId', '=', userId)
    .execute()
}

/** Some of those that have expired, and of one kind those beyond its newest `keep`; what was used ends first. */
export async function deleteStale(
  db: Db,
  { accountId, kind }: { accountId: string; kind: string },
  { now, keep, limit }: { now: Date; keep: number; limit: number },
): Promise<void> {
  const unused = sql<boolean>`consumed_at is null`
  const ofKind = db
    .selectFrom('grantItem')
    .select('id')
    .where('accountId', '=', accountId)
    .where('kind', '=', kind)
  await db
    .deleteFrom('grantItem')
    .where('accountId', '=', accountId)
    .where('kind', '=', kind)
    .where((eb) =>
      eb.or([
        eb('id', 'in', ofKind.where('expiresAt', '<=', now).orderBy('expiresAt').limit(limit)),
        eb(
          'id',
          'in',
          ofKind.orderBy(unused, 'desc').orderBy('expiresAt', 'desc').offset(keep).limit(limit),
        ),
      ]),
    )
    .execute()
}

/** Of all kinds, by pages. Resolves to whether none is left. */
export function endExpired(db: Db, accountId: string, now: Date): Promise<boolean> {
  const expired = sql`account_id = ${accountId} and expires_at <= ${now}`
  return deleteByPages(db, 'grant_item', expired)
}
