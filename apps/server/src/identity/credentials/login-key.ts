import { timingSafeEqual } from 'node:crypto'
import type { Permission } from '@parley/contract'
import { permissionsOfScope } from './scopes.ts'
import type { CredentialsRoom } from './room.ts'

export interface LoginKey {
  appKey: string
  secret: string
  accessToken?: string
  accessTokenSecret?: string
}

/** What logs users in without their password. */
export interface KnownLoginKey {
  /** Its application key, or the client id. */
  id: string
  permissions: ReadonlySet<Permission>
}

/**
 * The account's key with these values. Bots send all four values in clear. Newer ones put an OAuth2 client's id and
 * secret into the first two and dummies into the others.
 */
export async function findLoginKey(
  room: CredentialsRoom,
  accountId: string,
  { appKey, secret, accessToken = '', accessTokenSecret = '' }: LoginKey,
): Promise<KnownLoginKey | undefined> {
  const { apiKeys, clients } = await room.credentials.get(accountId)
  const key = apiKeys.get(appKey)
  if (key) {
    const fits =
      isSame(secret, key.secret()) &&
      isSame(accessToken, key.accessToken) &&
      isSame(accessTokenSecret, key.accessTokenSecret())
    return fits ? { id: appKey, permissions: new Set(key.permissions) } : undefined
  }
  const client = clients.get(appKey)
  if (!client || !isSame(room.box.digest(secret), client.secretDigest)) return undefined
  return { id: appKey, permissions: new Set(client.scopes.flatMap(permissionsOfScope)) }
}

export async function hasLoginKey(
  { credentials }: Pick<CredentialsRoom, 'credentials'>,
  accountId: string,
  id: string,
): Promise<boolean> {
  const { apiKeys, clients } = await credentials.get(accountId)
  return apiKeys.has(id) || clients.has(id)
}

/** Compares without telling by its time how much fits. */
export function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
