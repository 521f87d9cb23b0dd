import { type Insertable, sql } from 'kysely'
import { deleteByPages } from '#base/kit'
import type { Db, Tables } from '#base/store'

export async function insertSession(
  tx: Db,
  row: Insertable<Tables['loginSession']>,
): Promise<number> {
  const { sequence } = await tx
    .insertInto('loginSession')
    .values(row)
    .returning('sequence')
    .executeTakeFirstOrThrow()
  return sequence
}

export function findSession(db: Db, accountId: string, bearerHash: string) {
  return db
    .selectFrom('loginSession')
    .select(['userId', 'sequence', 'expiresAt', 'loginKey'])
    .where('accountId', '=', accountId)
    .where('bearerHash', '=', bearerHash)
    .executeTakeFirst()
}

/** Which of these users have a session that has not run out. */
export async function listLoggedIn(
  db: Db,
  accountId: string,
  userIds: readonly string[],
  now: Date,
): Promise<string[]> {
  if (userIds.length === 0) return []
  const rows = await db
    .selectFrom('loginSession')
    .select('userId')
    .distinct()
    .where('accountId', '=', accountId)
    .where('userId', 'in', userIds)
    .where('expiresAt', '>', now)
    .execute()
  return rows.map(({ userId }) => userId)
}

export function findSessionByCookie(db: Db, accountId: string, cookieHash: string) {
  return db
    .selectFrom('loginSession')
    .select(['bearerHash', 'csrfHash', 'userId', 'expiresAt', 'loginKey'])
    .where('accountId', '=', accountId)
    .where('cookieHash', '=', cookieHash)
    .executeTakeFirst()
}

/** `false` when it has ended. */
export async function extendSession(
  db: Db,
  accountId: string,
  bearerHash: string,
  expiresAt: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('loginSession')
    .set({ expiresAt })
    .where('accountId', '=', accountId)
    .where('bearerHash', '=', bearerHash)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Answers whose it was. */
export function deleteSession(db: Db, accountId: string, bearerHash: string) {
  return db
    .deleteFrom('loginSession')
    .where('accountId', '=', accountId)
    .where('bearerHash', '=', bearerHash)
    .returning(['userId', 'loginKey'])
    .executeTakeFirst()
}

/** Leaves a user the newest sessions, so many of them. Answers whether others have ended. */
export async function deleteOldestSessions(
  tx: Db,
  accountId: string,
  userId: string,
  kept: number,
): Promise<boolean> {
  const oldest = await tx
    .selectFrom('loginSession')
    .select('sequence')
    .where('accountId', '=', accountId)
    .where('userId', '=', userId)
    .orderBy('sequence', 'desc')
    .offset(kept)
    .limit(1)
    .executeTakeFirst()
  if (!oldest) return false
  await tx
    .deleteFrom('loginSession')
    .where('accountId', '=', accountId)
    .where('userId', '=', userId)
    .where('sequence', '<=', oldest.sequence)
    .execute()
  return true
}

/** @param but the hash of a bearer whose session goes on */
export async function deleteSessionsOfUser(
  tx: Db,
  accountId: string,
  userId: string,
  { but }: { but?: string } = {},
): Promise<void> {
  await tx
    .deleteFrom('loginSession')
    .where('accountId', '=', accountId)
    .where('userId', '=', userId)
    .$if(but !== undefined, (query) => query.where('bearerHash', '!=', but ?? ''))
    .execute()
}

export async function deleteInvitation(tx: Db, accountId: string, userId: string): Promise<void> {
  await tx
    .deleteFrom('invitation')
    .where('accountId', '=', accountId)
    .where('userId', '=', userId)
    .execute()
}

export async function deleteExpiredSessions(
  tx: Db,
  accountId: string,
  userId: string,
  now: Date,
): Promise<void> {
  await tx
    .deleteFrom('loginSession')
    .where('accountId', '=', accountId)
    .where('userId', '=', userId)
    .where('expiresAt', '<=', now)
    .execute()
}

/** Of all users, by pages. Resolves to whether none is left. */
export function endExpiredSessions(db: Db, accountId: string, now: Date): Promise<boolean> {
  const expired = sql`account_id = ${accountId} and expires_at <= ${now}`
  return deleteByPages(db, 'login_session', expired)
}
