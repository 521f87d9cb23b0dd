import { createHash } from 'node:crypto'
import type { AccountsDeps } from './deps.ts'

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
  return createHash('sha256').update(token).digest('base64url')
}
