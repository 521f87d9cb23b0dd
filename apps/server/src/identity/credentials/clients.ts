import type { OAuthClient } from '@parley/contract'
import type { Actor } from '#identity/audit'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import type { ClientEntry } from './snapshot.ts'
import { deleteClientRow, insertClient, updateClient } from './repository.ts'
import type { CredentialsDeps } from './deps.ts'

/** Without their secrets. */
export async function list(deps: CredentialsDeps, accountId: string): Promise<OAuthClient[]> {
  const { clients } = await deps.snapshots.get(accountId)
  return [...clients.values()].map(clientOf)
}

function clientOf(client: ClientEntry): OAuthClient {
  const { clientId, name, scopes, keptPermissions, createdAt, createdBy } = client
  return {
    clientId,
    name,
    scopes: [...scopes],
    ...(keptPermissions.length > 0 && { keptPermissions: [...keptPermissions] }),
    createdAt: createdAt.toISOString(),
    createdBy,
  }
}

export interface ClientDraft {
  name: string
  scopes: readonly string[]
  clientId?: string | undefined
  clientSecret?: string | undefined
}

/** The only answer that holds the secret. */
export async function create(
  deps: CredentialsDeps,
  accountId: string,
  actor: Actor,
  draft: ClientDraft,
): Promise<OAuthClient & { clientSecret: string }> {
  const made = await deps.snapshots.change(accountId, (tx) =>
    add(deps, tx, accountId, actor, draft),
  )
  return { ...(await get(deps, accountId, made.clientId)), clientSecret: made.clientSecret }
}

/** As part of a transaction, after which `changed` must be called. */
export async function add(
  deps: CredentialsDeps,
  tx: Db,
  accountId: string,
  actor: Actor,
  { name, scopes, clientId = deps.ids.uuid(), clientSecret = deps.ids.token(24) }: ClientDraft,
): Promise<{ clientId: string; clientSecret: string }> {
  await insertClient(tx, {
    accountId,
    clientId,
    secretDigest: deps.box.digest(clientSecret),
    name,
    scopes: [...new Set(scopes)],
    createdAt: new Date(deps.wallClock.now()),
    createdBy: actor,
  })
  const entry = {
    actor,
    action: 'client.created',
    object: `client:${clientId}`,
    details: { name, scopes },
  }
  await deps.audit.record(tx, accountId, entry)
  return { clientId, clientSecret }
}

/** What is absent stays. @throws `not_found` */
export async function change(
  deps: CredentialsDeps,
  accountId: string,
  actor: Actor,
  clientId: string,
  { name, scopes }: { name?: string | undefined; scopes?: readonly string[] | undefined },
): Promise<OAuthClient> {
  const details = {
    ...(name !== undefined && { name }),
    ...(scopes && { scopes: [...new Set(scopes)] }),
  }
  const row = { ...details, ...(scopes && { keptPermissions: [] }) }
  await deps.snapshots.change(accountId, async (tx) => {
    if (!(await updateClient(tx, accountId, clientId, row))) {
      throw new ParleyError('not_found', `No application "${clientId}"`)
    }
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'client.changed',
      object: `client:${clientId}`,
      details,
    })
  })
  return get(deps, accountId, clientId)
}

/** @throws `not_found` */
export async function get(
  deps: CredentialsDeps,
  accountId: string,
  clientId: string,
): Promise<OAuthClient> {
  const client = (await deps.snapshots.get(accountId)).clients.get(clientId)
  if (!client) throw new ParleyError('not_found', `No application "${clientId}"`)
  return clientOf(client)
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
