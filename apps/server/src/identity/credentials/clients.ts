import type { GrantType, OAuthClient, Webhook } from '@parley/contract'
import type { Actor } from '#identity/audit'
import { invalid, ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import type { ClientEntry } from './snapshot.ts'
import { lockAccount } from '#base/kit'
import { secretColumns } from './client-secrets.ts'
import { requireWebhook } from './webhooks.ts'
import { deleteClientRow, findClientState, insertClient, updateClient } from './repository.ts'
import type { CredentialsDeps } from './deps.ts'
import { idOfRequest, secretMadeBefore } from './repetitions.ts'

/** Without their secrets. */
export async function list(deps: CredentialsDeps, accountId: string): Promise<OAuthClient[]> {
  const { clients } = await deps.snapshots.get(accountId)
  const used = (await deps.uses.last(accountId)).clients
  return [...clients.values()].map((client) => clientOf(client, used.get(client.clientId)))
}

function clientOf(client: ClientEntry, lastUsedAt?: Date): OAuthClient {
  const { clientId, name, scopes, keptPermissions, webhook, createdAt, createdBy } = client
  const { grantTypes, redirectUris } = client
  return {
    clientId,
    name,
    scopes: [...scopes],
    grantTypes: [...grantTypes],
    redirectUris: [...redirectUris],
    ...(keptPermissions.length > 0 && { keptPermissions: [...keptPermissions] }),
    ...(webhook && { webhook }),
    createdAt: createdAt.toISOString(),
    createdBy,
    ...(lastUsedAt && { lastUsedAt: lastUsedAt.toISOString() }),
  }
}

const PLAIN_GRANT: readonly GrantType[] = ['client_credentials']

export interface ClientDraft {
  name: string
  scopes: readonly string[]
  grantTypes?: readonly GrantType[] | undefined
  redirectUris?: readonly string[] | undefined
  webhook?: Webhook | undefined
  clientId?: string | undefined
  clientSecret?: string | undefined
}

/**
 * The only answer that holds the secret: the same again for a `requestId` that comes again.
 * @throws `conflict` for one that has made something else, `invalid_request` for a webhook that could not be called, or addresses that do not go with the grant types
 */
export async function create(
  deps: CredentialsDeps,
  accountId: string,
  actor: Actor,
  { requestId, ...draft }: ClientDraft & { requestId?: string | undefined },
): Promise<OAuthClient & { clientSecret: string }> {
  const made = await deps.snapshots.change(accountId, async (tx) => {
    if (requestId === undefined) return await add(deps, tx, accountId, actor, draft)
    const { grantTypes = PLAIN_GRANT, redirectUris = [] } = draft
    const clientId = idOfRequest(accountId, requestId)
    const asked = { ...draft, grantTypes, redirectUris, clientId }
    const clientSecret = await secretMadeBefore(deps, tx, { accountId, actor }, asked)
    if (clientSecret !== undefined) return { clientId, clientSecret }
    return await add(deps, tx, accountId, actor, asked)
  })
  return { ...(await get(deps, accountId, made.clientId)), clientSecret: made.clientSecret }
}

/** As part of a transaction, after which `changed` must be called. */
export async function add(
  deps: CredentialsDeps,
  tx: Db,
  accountId: string,
  actor: Actor,
  draft: ClientDraft,
): Promise<{ clientId: string; clientSecret: string }> {
  const { name, scopes, webhook } = draft
  const { grantTypes = PLAIN_GRANT, redirectUris = [] } = draft
  const { clientId = deps.ids.uuid(), clientSecret = deps.ids.token(24) } = draft
  if (webhook) requireWebhook(deps, webhook, { scopes, isSealed: true })
  requireRedirectUris({ grantTypes, redirectUris })
  await insertClient(tx, {
    accountId,
    clientId,
    ...secretColumns(deps, accountId, clientId, clientSecret),
    webhook: webhook ? JSON.stringify(webhook) : null,
    name,
    scopes: [...new Set(scopes)],
    grantTypes: [...grantTypes],
    redirectUris: [...redirectUris],
    createdAt: new Date(deps.wallClock.now()),
    createdBy: actor,
  })
  const entry = {
    actor,
    action: 'client.created',
    object: `client:${clientId}`,
    details: {
      name,
      scopes,
      grantTypes,
      redirectUris,
      ...(webhook && { webhook: shownWebhook(webhook) }),
    },
  }
  await deps.audit.record(tx, accountId, entry)
  return { clientId, clientSecret }
}

export interface ClientChange {
  name?: string | undefined
  scopes?: readonly string[] | undefined
  grantTypes?: readonly GrantType[] | undefined
  redirectUris?: readonly string[] | undefined
  /** `null` takes it away. */
  webhook?: Webhook | null | undefined
}

/**
 * What is absent stays.
 * @throws `not_found`, and what `requireWebhook` and `requireRedirectUris` throw
 */
export async function change(
  deps: CredentialsDeps,
  accountId: string,
  actor: Actor,
  clientId: string,
  { name, scopes, grantTypes, redirectUris, webhook }: ClientChange,
): Promise<OAuthClient> {
  const named = {
    ...(name !== undefined && { name }),
    ...(scopes && { scopes: [...new Set(scopes)] }),
    ...(grantTypes && { grantTypes: [...grantTypes] }),
    ...(redirectUris && { redirectUris: [...redirectUris] }),
  }
  const row = {
    ...named,
    ...(scopes && { keptPermissions: [] }),
    ...(webhook !== undefined && { webhook: webhook && JSON.stringify(webhook) }),
  }
  const details = {
    ...named,
    ...(webhook !== undefined && { webhook: webhook && shownWebhook(webhook) }),
  }
  await deps.snapshots.change(accountId, async (tx) => {
    await lockAccount(tx, accountId)
    const before = await findClientState(tx, accountId, clientId)
    if (!before) throw new ParleyError('not_found', `No application "${clientId}"`)
    if (webhook) requireWebhook(deps, webhook, { ...before, ...named })
    if (grantTypes || redirectUris) requireRedirectUris({ ...before, ...named })
    await updateClient(tx, accountId, clientId, row)
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'client.changed',
      object: `client:${clientId}`,
      details,
    })
  })
  const changed = (await list(deps, accountId)).find((listed) => listed.clientId === clientId)
  return changed ?? (await get(deps, accountId, clientId))
}

/** @throws `invalid_request` for addresses without `authorization_code`, or the other way round */
function requireRedirectUris({
  grantTypes,
  redirectUris,
}: {
  grantTypes: readonly GrantType[]
  redirectUris: readonly string[]
}): void {
  const isNeeded = grantTypes.includes('authorization_code')
  if (isNeeded === redirectUris.length > 0) return
  throw invalid(
    'body.redirectUris',
    isNeeded
      ? 'must name an address for the grant type authorization_code'
      : 'go with the grant type authorization_code only',
  )
}

/** For the audit: the rest of the address may be a secret. */
function shownWebhook({ url, events }: Webhook): object {
  return { host: new URL(url).host, events }
}

/** Without its last use. */
export async function find(
  deps: CredentialsDeps,
  accountId: string,
  clientId: string,
): Promise<OAuthClient | undefined> {
  const client = (await deps.snapshots.get(accountId)).clients.get(clientId)
  return client && clientOf(client)
}

/** Without its last use. @throws `not_found` */
export async function get(
  deps: CredentialsDeps,
  accountId: string,
  clientId: string,
): Promise<OAuthClient> {
  const client = await find(deps, accountId, clientId)
  if (!client) throw new ParleyError('not_found', `No application "${clientId}"`)
  return client
}

export async function remove(
  deps: CredentialsDeps,
  accountId: string,
  actor: Actor,
  clientId: string,
): Promise<void> {
  await deps.snapshots.change(accountId, async (tx) => {
    if (!(await deleteClientRow(tx, accountId, clientId))) {
      throw new ParleyError('not_found', `No application "${clientId}"`)
    }
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'client.deleted',
      object: `client:${clientId}`,
    })
  })
}
