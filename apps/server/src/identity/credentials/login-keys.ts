import type { Permission } from '@parley/contract'
import { isSameSecret } from '#base/kit'
import { findInstallationValue, insertInstallationValue } from '#identity/sealing'
import { isSecretOf } from './client-secrets.ts'
import { selectAllKeys, selectKept } from './repository.ts'
import { permissionsOfClient } from './scopes.ts'
import type { CredentialsDeps } from './deps.ts'

export interface LoginKey {
  appKey: string
  secret: string
  accessToken?: string
  accessTokenSecret?: string
}

/** What logs users in without their password. */
export interface LoginKeyOwner {
  /** Its application key, or the client id. */
  id: string
  /** For records of who did what. */
  name: string
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
): Promise<LoginKeyOwner | undefined> {
  const { apiKeys, clients } = await deps.snapshots.get(accountId)
  const key = apiKeys.get(appKey)
  if (key) {
    const fits =
      isSameSecret(secret, key.secret()) &&
      isSameSecret(accessToken, key.accessToken) &&
      isSameSecret(accessTokenSecret, key.accessTokenSecret())
    if (!fits) return undefined
    await deps.uses.ofKey(accountId, key)
    return findOwner(deps, accountId, appKey)
  }
  const client = clients.get(appKey)
  if (!client || !isSecretOf(deps, client, secret)) return undefined
  await deps.uses.ofClient(accountId, client)
  return findOwner(deps, accountId, appKey)
}

/** The key or application with this id as it is now, `undefined` when it is gone. */
export async function findOwner(
  { snapshots }: CredentialsDeps,
  accountId: string,
  id: string,
): Promise<LoginKeyOwner | undefined> {
  const { apiKeys, clients } = await snapshots.get(accountId)
  const key = apiKeys.get(id)
  if (key) return { id, name: `key:${id}`, permissions: new Set(key.permissions) }
  const client = clients.get(id)
  // One that acts for users only does nothing by itself.
  if (!client?.grantTypes.includes('client_credentials')) return undefined
  const permissions = permissionsOfClient(client, client.scopes)
  return { id, name: `client:${id}`, permissions }
}

const TOLD = 'narrowed-rights'
const MAX_TOLD = 100

/**
 * Lists once, after an upgrade from version 0.1.0, which keys and applications no longer log in people, and which users, keys and
 * applications may still read what their roles and scopes no longer read.
 */
export async function tellOfNarrowedRights({ store, logger }: CredentialsDeps): Promise<void> {
  if ((await findInstallationValue(store.db, TOLD)) !== undefined) return
  const [keys, kept] = await Promise.all([
    selectAllKeys(store.db, MAX_TOLD),
    selectKept(store.db, MAX_TOLD),
  ])
  if (keys.length > 0) {
    logger.warn(
      { keys },
      'API keys and applications now log in bots only. An administrator gives those that shall log in people the permission user:impersonate (PATCH …/api-keys/{id}) or the scope user.impersonate (PATCH …/clients/{id})',
    )
  }
  if (kept.length > 0) {
    logger.warn(
      { kept },
      'FaaS-Invocation, faas.lambda.invoke and function:read no longer read sources, logs and records. These users, API keys and applications keep what they had (keptPermissions) until an administrator sets their profiles (PATCH …/users/{id}), permissions (PATCH …/api-keys/{id}) or scopes (PATCH …/clients/{id})',
    )
  }
  await insertInstallationValue(store.db, TOLD, 'yes')
}
