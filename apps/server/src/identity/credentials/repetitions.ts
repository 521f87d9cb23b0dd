import { isDeepStrictEqual } from 'node:util'
import type { GrantType, Permission, Webhook } from '@parley/contract'
import { ParleyError, uuidOf } from '#base/kernel'
import { lockAccount } from '#base/kit'
import type { Db } from '#base/store'
import type { Actor } from '#identity/audit'
import type { CredentialsDeps } from './deps.ts'
import { readOldSecrets, selectApiKeys, selectClients } from './repository.ts'
import { apiKeyContext, clientContext } from './snapshot.ts'

/** Who has not asked again by then has given up. */
const MAX_AGE_MS = 24 * 3_600_000

interface Caller {
  accountId: string
  actor: Actor
}

/** The id of what a request makes. It is shown to others, who must not find the request by it: that one is answered with the secret. */
export function idOfRequest(accountId: string, requestId: string): string {
  return uuidOf(`made by the request ${requestId} in ${accountId}`)
}

/**
 * The secret of the application that this very request has made: its first answer was lost. `undefined` where there is none yet.
 * @throws `conflict` where it is another one by now
 */
export async function secretMadeBefore(
  deps: CredentialsDeps,
  tx: Db,
  { accountId, actor }: Caller,
  { clientId, name, scopes, grantTypes, redirectUris, webhook }: AskedClient,
): Promise<string | undefined> {
  await lockAccount(tx, accountId)
  const rows = await selectClients(tx, accountId)
  const known = rows.find((row) => row.clientId === clientId)
  if (!known) return undefined
  const isSame =
    isOf(deps, actor, known) &&
    isDeepStrictEqual(
      [known.name, known.scopes, known.grantTypes, known.redirectUris, known.webhook],
      [name, [...new Set(scopes)], grantTypes, redirectUris, webhook ?? null],
    )
  const isRenewed = readOldSecrets(known.oldSecrets).length > 0
  if (!isSame || isRenewed || known.secretBox === null) {
    throw new ParleyError('conflict', `There is another application "${clientId}"`)
  }
  return deps.box.open(known.secretBox, clientContext(accountId, clientId))
}

interface AskedClient {
  clientId: string
  name: string
  scopes: readonly string[]
  grantTypes: readonly GrantType[]
  redirectUris: readonly string[]
  webhook?: Webhook | undefined
}

interface AskedKey {
  keyId: string
  name: string
  permissions: readonly Permission[]
}

/** The values of an API key, in the same way. */
export async function valuesMadeBefore(
  deps: CredentialsDeps,
  tx: Db,
  { accountId, actor }: Caller,
  { keyId, name, permissions }: AskedKey,
) {
  await lockAccount(tx, accountId)
  const rows = await selectApiKeys(tx, accountId)
  const known = rows.find((row) => row.keyId === keyId)
  if (!known) return undefined
  const asked = [name, [...new Set(permissions)]]
  if (!isOf(deps, actor, known) || !isDeepStrictEqual([known.name, known.permissions], asked)) {
    throw new ParleyError('conflict', `There is another API key "${keyId}"`)
  }
  const context = apiKeyContext(accountId, keyId)
  const { appKey, accessToken, secretBox, accessTokenSecretBox } = known
  const secret = deps.box.open(secretBox, context)
  return {
    appKey,
    secret,
    accessToken,
    accessTokenSecret: deps.box.open(accessTokenSecretBox, context),
  }
}

function isOf(
  { wallClock }: CredentialsDeps,
  actor: Actor,
  { createdAt, createdBy }: { createdAt: Date; createdBy: string },
): boolean {
  return createdBy === actor && wallClock.now() - createdAt.getTime() < MAX_AGE_MS
}
