import { hash } from 'node:crypto'
import type { Db } from '#base/store'
import type { AccountsDeps } from './deps.ts'
import { deleteInvitation, deleteSessionsOfUser } from './sessions-repository.ts'

/** Not expired, and opened by a password or by a key that still exists. */
export async function isLive(
  { wallClock, credentials }: AccountsDeps,
  accountId: string,
  { expiresAt, loginKey }: { expiresAt: Date; loginKey: string | null },
): Promise<boolean> {
  if (expiresAt.getTime() <= wallClock.now()) return false
  if (loginKey === null) return true
  return (await credentials.loginKeys.findOwner(accountId, loginKey)) !== undefined
}

/** The tokens are random and long, so a plain hash is enough to keep them out of the database. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'base64url')
}

/**
 * Ends a user's sessions, what the user has let applications do, and a link that would set a password, as part of a transaction,
 * after which `sessionsEnded` must be called.
 * @param but the hash of a bearer whose session goes on
 */
export async function endSessions(
  { grants }: Pick<AccountsDeps, 'grants'>,
  tx: Db,
  accountId: string,
  userId: string,
  but: { but?: string } = {},
): Promise<void> {
  await deleteSessionsOfUser(tx, accountId, userId, but)
  await deleteInvitation(tx, accountId, userId)
  await grants.endOfUser(tx, accountId, userId)
}
