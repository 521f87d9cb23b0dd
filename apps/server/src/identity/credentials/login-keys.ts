import type { Permission } from '@parley/contract'
import { permissionsOfScope } from './scopes.ts'
import type { CredentialsDeps } from './deps.ts'
import { isSame } from './is-same.ts'

export interface LoginKey {
  appKey: string
  secret: string
  accessToken?: string
  accessTokenSecret?: string
}

/** What logs users in without their password. */
export interface MatchedLoginKey {
  /** Its application key, or the client id. */
  id: string
  permissions: ReadonlySet<Permission>
}

/**
 * The account's key with these values. Bots send all four values in clear. Newer ones put an OAuth2 client's id and
 * secret into the first two and dummies into the others.
 */
export async function find(
  deps: CredentialsDeps,
  accountId: string,
  { appKey, secret, accessToken = '', accessTokenSecret = '' }: LoginKey,
): Promise<MatchedLoginKey | undefined> {
  const { apiKeys, clients } = await deps.snapshots.get(accountId)
  const key = apiKeys.get(appKey)
  if (key) {
    const fits =
      isSame(secret, key.secret()) &&
      isSame(accessToken, key.accessToken) &&
      isSame(accessTokenSecret, key.accessTokenSecret())
    return fits ? { id: appKey, permissions: new Set(key.permissions) } : undefined
  }
  const client = clients.get(appKey)
  if (!client || !isSame(deps.box.digest(secret), client.secretDigest)) return undefined
  return { id: appKey, permissions: new Set(client.scopes.flatMap(permissionsOfScope)) }
}

/** Whether the key still exists. */
export async function has(
  { snapshots }: CredentialsDeps,
  accountId: string,
  id: string,
): Promise<boolean> {
  const { apiKeys, clients } = await snapshots.get(accountId)
  return apiKeys.has(id) || clients.has(id)
}
