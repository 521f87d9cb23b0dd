import { invalid } from '#base/kernel'
import type { Principal } from '#base/http'
import { requireActive } from '#base/store'
import * as installationKeys from './installation-keys.ts'
import type { CredentialsSnapshot, SigningKeyEntry } from './snapshot.ts'
import { readOwnJwt } from './jwt.ts'
import { isSecretOf } from './client-secrets.ts'
import { permissionsOfClient } from './scopes.ts'
import type { CredentialsDeps } from './deps.ts'
import { signJwt } from './signing-keys.ts'

/** As published. */
const ISSUER = 'Sentinel'
/** Tokens of these are checked by keys that are looked up without an account (`spec/wire-api.md` 4.5). */
const BOT_SCOPES = 'thirdpartybots.'

export interface AppToken {
  accessToken: string
  expiresInS: number
}

export interface AppTokenRequest {
  clientId: string
  clientSecret: string
  /** None means all that the application has. */
  scopes: readonly string[]
  /** Binds the token to the key with this thumbprint. */
  keyThumbprint?: string | undefined
}

/**
 * A token for an application that knows its secret; `undefined` for a wrong id or secret.
 * @throws `invalid_request` for a scope that the application lacks
 */
export async function issue(
  deps: CredentialsDeps,
  accountId: string,
  { clientId, clientSecret, scopes, keyThumbprint }: AppTokenRequest,
): Promise<AppToken | undefined> {
  const client = (await deps.snapshots.get(accountId)).clients.get(clientId)
  if (!client || !isSecretOf(deps, client, clientSecret)) return undefined
  requireActive(deps.store, accountId)
  if (!client.grantTypes.includes('client_credentials')) {
    throw invalid('grant_type', 'the application may not use it')
  }
  const refused = scopes.filter((scope) => !client.scopes.includes(scope))
  if (refused.length > 0) {
    throw invalid('scope', `the application does not have ${refused.join(', ')}`)
  }
  await deps.uses.ofClient(accountId, client)
  const { identity } = await deps.settings.get(accountId)
  const issuedAt = Math.floor(deps.wallClock.now() / 1000)
  const granted = scopes.length > 0 ? scopes : client.scopes
  const isForBots = granted.some((scope) => scope.startsWith(BOT_SCOPES))
  const lifeMs = isForBots
    ? Math.min(identity.appTokenMs, installationKeys.MAX_TOKEN_MS)
    : identity.appTokenMs
  const expiresInS = Math.ceil(lifeMs / 1000)
  const claims = {
    iss: ISSUER,
    aud: accountId,
    azp: clientId,
    scope: granted.join(' '),
    iat: issuedAt,
    exp: issuedAt + expiresInS,
    jti: deps.ids.uuid(),
    ...(keyThumbprint !== undefined && { cnf: { jkt: keyThumbprint } }),
  }
  const accessToken = isForBots
    ? await installationKeys.sign(deps, claims)
    : await signJwt(deps, accountId, claims)
  return { accessToken, expiresInS }
}

export interface AppTokenOwner {
  principal: Principal
  expiresAt: number
  /** Of the key that the caller must prove to have; `undefined` for a token that is not bound to a key. */
  keyThumbprint: string | undefined
}

/**
 * The application that a token was issued to, `undefined` when the token is not a valid one of this account.
 * Synchronous when the account's credentials are in memory.
 */
export function findOwner(
  deps: CredentialsDeps,
  accountId: string,
  token: string,
): AppTokenOwner | undefined | Promise<AppTokenOwner | undefined> {
  const cached = deps.snapshots.peek(accountId)
  const shared = installationKeys.peekKeys(deps)
  const now = deps.wallClock.now()
  if (cached && shared) return ownerOf(cached, shared, accountId, token, now)
  return Promise.all([deps.snapshots.get(accountId), installationKeys.getKeys(deps)]).then(
    ([snapshot, keys]) => ownerOf(snapshot, keys, accountId, token, now),
  )
}

function ownerOf(
  { signingKeys, clients }: CredentialsSnapshot,
  shared: readonly SigningKeyEntry[],
  accountId: string,
  token: string,
  now: number,
): AppTokenOwner | undefined {
  // A key of the installation signs for every account: `aud` says for which.
  const claims = readOwnJwt(signingKeys, token, now) ?? readOwnJwt(shared, token, now)
  if (!claims || claims.iss !== ISSUER || claims.aud !== accountId) return undefined
  const expiresAt = claims.exp * 1000
  const client = clients.get(claims.azp ?? '')
  if (!client?.grantTypes.includes('client_credentials') || expiresAt <= now) return undefined
  // A scope that the application has lost since then no longer counts.
  const scopes = (claims.scope ?? '').split(' ').filter((scope) => client.scopes.includes(scope))
  const principal: Principal = {
    accountId,
    kind: 'app',
    id: client.clientId,
    name: `client:${client.clientId}`,
    permissions: permissionsOfClient(client, scopes),
    scopes: new Set(scopes),
  }
  return { principal, expiresAt, keyThumbprint: claims.cnf?.jkt }
}
