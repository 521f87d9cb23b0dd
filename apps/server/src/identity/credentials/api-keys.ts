import { type ApiKey, DEFAULT_KEY_PERMISSIONS, type Permission } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import { recordAudit } from './audit.ts'
import { apiKeyContext, type KnownApiKey } from './known.ts'
import { deleteApiKeyRow, insertApiKey } from './repository.ts'
import { type CredentialsRoom, type Actor, change } from './room.ts'

export async function listApiKeys(room: CredentialsRoom, accountId: string): Promise<ApiKey[]> {
  const { apiKeys } = await room.credentials.get(accountId)
  return [...apiKeys.values()].map(apiKeyOf)
}

function apiKeyOf(key: KnownApiKey): ApiKey {
  const { keyId, name, appKey, accessToken, permissions, createdAt, createdBy } = key
  return {
    keyId,
    name,
    appKey,
    accessToken,
    permissions: [...permissions],
    createdAt: createdAt.toISOString(),
    createdBy,
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
  /** Made by the server when absent. */
  values?: KeyValues | undefined
}

export type CreatedApiKey = ApiKey & Pick<KeyValues, 'secret' | 'accessTokenSecret'>

/** The secrets are returned here and never again. */
export async function createApiKey(
  room: CredentialsRoom,
  accountId: string,
  actor: Actor,
  draft: ApiKeyDraft,
): Promise<CreatedApiKey> {
  const { keyId, values } = await change(room, room.credentials, accountId, (tx) =>
    addApiKey(room, tx, accountId, actor, draft),
  )
  const { secret, accessTokenSecret } = values
  const key = (await listApiKeys(room, accountId)).find((listed) => listed.keyId === keyId)
  if (!key) throw new ParleyError('not_found', 'The key was deleted meanwhile')
  return { ...key, secret, accessTokenSecret }
}

export async function addApiKey(
  room: Pick<CredentialsRoom, 'box' | 'clock' | 'ids'>,
  tx: Db,
  accountId: string,
  actor: Actor,
  { name, permissions = DEFAULT_KEY_PERMISSIONS, values = newKeyValues(room) }: ApiKeyDraft,
): Promise<{ keyId: string; values: KeyValues }> {
  const keyId = room.ids.uuid()
  const context = apiKeyContext(accountId, keyId)
  await insertApiKey(tx, {
    accountId,
    keyId,
    name,
    appKey: values.appKey,
    accessToken: values.accessToken,
    secretBox: room.box.seal(values.secret, context),
    accessTokenSecretBox: room.box.seal(values.accessTokenSecret, context),
    permissions: [...new Set(permissions)],
    createdAt: new Date(room.clock.now()),
    createdBy: actor,
  })
  const entry = {
    actor,
    action: 'api-key.created',
    object: `api-key:${keyId}`,
    details: { name, permissions },
  }
  await recordAudit(room, tx, accountId, entry)
  return { keyId, values }
}

export function newKeyValues({ ids }: Pick<CredentialsRoom, 'ids'>): KeyValues {
  return {
    appKey: ids.token(16),
    secret: ids.token(24),
    accessToken: ids.token(16),
    accessTokenSecret: ids.token(24),
  }
}

export async function deleteApiKey(
  room: CredentialsRoom,
  accountId: string,
  actor: Actor,
  keyId: string,
): Promise<void> {
  const { apiKeys } = await room.credentials.get(accountId)
  if (![...apiKeys.values()].some((key) => key.keyId === keyId)) {
    throw new ParleyError('not_found', `There is no API key "${keyId}"`)
  }
  await change(room, room.credentials, accountId, async (tx) => {
    await deleteApiKeyRow(tx, accountId, keyId)
    await recordAudit(room, tx, accountId, {
      actor,
      action: 'api-key.deleted',
      object: `api-key:${keyId}`,
    })
  })
}
