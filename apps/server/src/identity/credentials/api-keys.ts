import { type ApiKey, DEFAULT_KEY_PERMISSIONS, type Permission } from '@parley/contract'
import type { Actor } from '#identity/audit'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import { apiKeyContext, type ApiKeyEntry } from './snapshot.ts'
import { deleteApiKeyRow, insertApiKey, updateApiKey } from './repository.ts'
import type { CredentialsDeps } from './deps.ts'
import { idOfRequest, valuesMadeBefore } from './repetitions.ts'

/** Without their secrets. */
export async function list(deps: CredentialsDeps, accountId: string): Promise<ApiKey[]> {
  const { apiKeys } = await deps.snapshots.get(accountId)
  const { keys } = await deps.uses.last(accountId)
  return [...apiKeys.values()].map((key) => apiKeyOf(key, keys.get(key.keyId)))
}

function apiKeyOf(key: ApiKeyEntry, lastUsedAt: Date | undefined): ApiKey {
  const { keyId, name, appKey, accessToken, permissions, keptPermissions, createdAt, createdBy } =
    key
  return {
    keyId,
    name,
    appKey,
    accessToken,
    permissions: [...permissions],
    ...(keptPermissions.length > 0 && { keptPermissions: [...keptPermissions] }),
    createdAt: createdAt.toISOString(),
    createdBy,
    ...(lastUsedAt && { lastUsedAt: lastUsedAt.toISOString() }),
  }
}

/** The four values of an OAuth1 key. */
export interface KeyValues {
  appKey: string
  secret: string
  accessToken: string
  accessTokenSecret: string
}

export interface ApiKeyDraft {
  name: string
  permissions?: readonly Permission[] | undefined
  keyId?: string | undefined
  /** Made by the server when absent. */
  values?: KeyValues | undefined
}

export type CreatedApiKey = ApiKey & Pick<KeyValues, 'secret' | 'accessTokenSecret'>

/**
 * The only answer that holds the secrets: the same again for a `requestId` that comes again.
 * @throws `conflict` for one that has made something else
 */
export async function create(
  deps: CredentialsDeps,
  accountId: string,
  actor: Actor,
  { requestId, ...draft }: ApiKeyDraft & { requestId?: string | undefined },
): Promise<CreatedApiKey> {
  const made = await deps.snapshots.change(accountId, async (tx) => {
    if (requestId === undefined) return await add(deps, tx, accountId, actor, draft)
    const { permissions = DEFAULT_KEY_PERMISSIONS } = draft
    const keyId = idOfRequest(accountId, requestId)
    const asked = { ...draft, permissions, keyId }
    const known = await valuesMadeBefore(deps, tx, { accountId, actor }, asked)
    if (known) return { keyId, values: known }
    return await add(deps, tx, accountId, actor, asked)
  })
  const { secret, accessTokenSecret } = made.values
  return { ...(await get(deps, accountId, made.keyId)), secret, accessTokenSecret }
}

/** As part of a transaction, after which `changed` must be called. */
export async function add(
  deps: CredentialsDeps,
  tx: Db,
  accountId: string,
  actor: Actor,
  draft: ApiKeyDraft,
): Promise<{ keyId: string; values: KeyValues }> {
  const { name, permissions = DEFAULT_KEY_PERMISSIONS } = draft
  const { keyId = deps.ids.uuid(), values = newValues(deps) } = draft
  const context = apiKeyContext(accountId, keyId)
  await insertApiKey(tx, {
    accountId,
    keyId,
    name,
    appKey: values.appKey,
    accessToken: values.accessToken,
    secretBox: deps.box.seal(values.secret, context),
    accessTokenSecretBox: deps.box.seal(values.accessTokenSecret, context),
    permissions: [...new Set(permissions)],
    createdAt: new Date(deps.wallClock.now()),
    createdBy: actor,
  })
  const entry = {
    actor,
    action: 'api-key.created',
    object: `api-key:${keyId}`,
    details: { name, permissions },
  }
  await deps.audit.record(tx, accountId, entry)
  return { keyId, values }
}

export function newValues({ ids }: Pick<CredentialsDeps, 'ids'>): KeyValues {
  return {
    appKey: ids.token(16),
    secret: ids.token(24),
    accessToken: ids.token(16),
    accessTokenSecret: ids.token(24),
  }
}

/** What is absent stays. @throws `not_found` */
export async function change(
  deps: CredentialsDeps,
  accountId: string,
  actor: Actor,
  keyId: string,
  {
    name,
    permissions,
  }: { name?: string | undefined; permissions?: readonly Permission[] | undefined },
): Promise<ApiKey> {
  const details = {
    ...(name !== undefined && { name }),
    ...(permissions && { permissions: [...new Set(permissions)] }),
  }
  const row = { ...details, ...(permissions && { keptPermissions: [] }) }
  await deps.snapshots.change(accountId, async (tx) => {
    if (!(await updateApiKey(tx, accountId, keyId, row))) {
      throw new ParleyError('not_found', `No API key "${keyId}"`)
    }
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'api-key.changed',
      object: `api-key:${keyId}`,
      details,
    })
  })
  return get(deps, accountId, keyId)
}

/** @throws `not_found` */
export async function get(
  deps: CredentialsDeps,
  accountId: string,
  keyId: string,
): Promise<ApiKey> {
  const key = (await list(deps, accountId)).find((listed) => listed.keyId === keyId)
  if (!key) throw new ParleyError('not_found', `No API key "${keyId}"`)
  return key
}

export async function remove(
  deps: CredentialsDeps,
  accountId: string,
  actor: Actor,
  keyId: string,
): Promise<void> {
  // Also for an id that no key can have.
  await get(deps, accountId, keyId)
  await deps.snapshots.change(accountId, async (tx) => {
    // Somebody else may have deleted it meanwhile.
    if (!(await deleteApiKeyRow(tx, accountId, keyId))) {
      throw new ParleyError('not_found', `No API key "${keyId}"`)
    }
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'api-key.deleted',
      object: `api-key:${keyId}`,
    })
  })
}
