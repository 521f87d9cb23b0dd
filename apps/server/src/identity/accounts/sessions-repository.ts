import type { Insertable } from 'kysely'
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

export function findSessionByCookie(db: Db, accountId: string, cookieHash: string) {
  return db
    .selectFrom('loginSession')
    .select(['bearerHash', 'csrfHash', 'userId', 'expiresAt', 'loginKey'])
    .where('accountId', '=', accountId)
    .where('cookieHash', '=', cookieHash)
    .executeTakeFirst()
}

export async function extendSession(
  db: Db,
  accountId: string,
  bearerHash: string,
  expiresAt: Date,
): Promise<void> {
  await db
    .updateTable('loginSession')
    .set({ expiresAt })
    .where('accountId', '=', accountId)
    .where('bearerHash', '=', bearerHash)
    .execute()
}

export async function deleteSession(db: Db, accountId: string, bearerHash: string): Promise<void> {
  await db
    .deleteFrom('loginSession')
    .where('accountId', '=', accountId)
    .where('bearerHash', '=', bearerHash)
    .execute()
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
