import type { Insertable } from 'kysely'
import type { Db, Tables } from '#base/store'

export function selectInvitations(db: Db, accountId: string, now: Date) {
  return db
    .selectFrom('invitation')
    .select(['userId', 'createdAt', 'createdBy', 'expiresAt'])
    .where('accountId', '=', accountId)
    .where('expiresAt', '>', now)
    .orderBy('createdAt', 'desc')
    .execute()
}

export function findInvitation(db: Db, accountId: string, tokenHash: string, now: Date) {
  return db
    .selectFrom('invitation')
    .select(['userId', 'expiresAt'])
    .where('accountId', '=', accountId)
    .where('tokenHash', '=', tokenHash)
    .where('expiresAt', '>', now)
    .executeTakeFirst()
}

export async function upsertInvitation(
  tx: Db,
  { accountId, userId, ...rest }: Insertable<Tables['invitation']>,
): Promise<void> {
  await tx
    .insertInto('invitation')
    .values({ accountId, userId, ...rest })
    .onConflict((conflict) => conflict.columns(['accountId', 'userId']).doUpdateSet(rest))
    .execute()
}

/** `false` when it was not there, or has ended. */
export async function takeInvitation(
  tx: Db,
  accountId: string,
  tokenHash: string,
  now: Date,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('invitation')
    .where('accountId', '=', accountId)
    .where('tokenHash', '=', tokenHash)
    .where('expiresAt', '>', now)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export async function deleteInvitationOf(
  tx: Db,
  accountId: string,
  userId: string,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('invitation')
    .where('accountId', '=', accountId)
    .where('userId', '=', userId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
