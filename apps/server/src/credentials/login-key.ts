import { timingSafeEqual } from 'node:crypto'
import type { CredentialsRoom } from './room.ts'

export interface LoginKey {
  appKey: string
  secret: string
  accessToken?: string
  accessTokenSecret?: string
}

/**
 * Whether the account has this key. Bots send all four values in clear. Newer ones put an OAuth2 client's id and
 * secret into the first two and dummies into the others.
 */
export async function isLoginKey(
  room: CredentialsRoom,
  accountId: string,
  { appKey, secret, accessToken = '', accessTokenSecret = '' }: LoginKey,
): Promise<boolean> {
  const { apiKeys, clients } = await room.credentials.get(accountId)
  const key = apiKeys.get(appKey)
  if (key) {
    return (
      isSame(secret, key.secret()) &&
      isSame(accessToken, key.accessToken) &&
      isSame(accessTokenSecret, key.accessTokenSecret())
    )
  }
  const client = clients.get(appKey)
  return client !== undefined && isSame(room.box.digest(secret), client.secretDigest)
}

/** Compares without telling by its time how much fits. */
export function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
