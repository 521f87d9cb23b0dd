import type { OAuthClient } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import { recordAudit } from './audit.ts'
import type { KnownClient } from './known.ts'
import { deleteClientRow, insertClient } from './repository.ts'
import { type CredentialsRoom, type Actor, change } from './room.ts'

export async function listClients(
  room: CredentialsRoom,
  accountId: string,
): Promise<OAuthClient[]> {
  const { clients } = await room.credentials.get(accountId)
  return [...clients.values()].map(clientOf)
}

function clientOf({ clientId, name, scopes, createdAt, createdBy }: KnownClient): OAuthClient {
  return { clientId, name, scopes: [...scopes], createdAt: createdAt.toISOString(), createdBy }
}

export interface ClientDraft {
  name: string
  scopes: readonly string[]
  clientId?: string | undefined
  clientSecret?: string | undefined
}

/** The secret is returned here and never again. */
export async function createClient(
  room: CredentialsRoom,
  accountId: string,
  actor: Actor,
  draft: ClientDraft,
): Promise<OAuthClient & { clientSecret: string }> {
  const made = await change(room, room.credentials, accountId, (tx) =>
    addClient(room, tx, accountId, actor, draft),
  )
  const client = (await room.credentials.get(accountId)).clients.get(made.clientId)
  if (!client) throw new ParleyError('not_found', 'The application was deleted meanwhile')
  return { ...clientOf(client), clientSecret: made.clientSecret }
}

export async function addClient(
  room: Pick<CredentialsRoom, 'box' | 'clock' | 'ids'>,
  tx: Db,
  accountId: string,
  actor: Actor,
  { name, scopes, clientId = room.ids.uuid(), clientSecret = room.ids.token(24) }: ClientDraft,
): Promise<{ clientId: string; clientSecret: string }> {
  await insertClient(tx, {
    accountId,
    clientId,
    secretDigest: room.box.digest(clientSecret),
    name,
    scopes: [...new Set(scopes)],
    createdAt: new Date(room.clock.now()),
    createdBy: actor,
  })
  const entry = {
    actor,
    action: 'client.created',
    object: `client:${clientId}`,
    details: { name, scopes },
  }
  await recordAudit(room, tx, accountId, entry)
  return { clientId, clientSecret }
}

export async function deleteClient(
  room: CredentialsRoom,
  accountId: string,
  actor: Actor,
  clientId: string,
): Promise<void> {
  await change(room, room.credentials, accountId, async (tx) => {
    if (!(await deleteClientRow(tx, accountId, clientId))) {
      throw new ParleyError('not_found', `There is no application "${clientId}"`)
    }
    await recordAudit(room, tx, accountId, {
      actor,
      action: 'client.deleted',
      object: `client:${clientId}`,
    })
  })
}
