import { hash } from 'node:crypto'
import type { TokenIssuer } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import * as z from 'zod'
import { verifyExternalToken } from './external-tokens.ts'
import { ANONYMOUS_IDENTITY_MS, type JwtClaims, readOwnJwt } from './jwt.ts'
import type { CredentialsSnapshot } from './snapshot.ts'
import type { CredentialsDeps } from './deps.ts'
import { requireActive } from '#base/store'
import { signJwt } from './signing-keys.ts'

const CONSUMER_ISSUER = 'https://idp.parley.internal'
const ANONYMOUS_ISSUER = 'https://anonymous.parley.internal'

/** What the external issuer said about a consumer. */
const ExternalIdentity = z.looseObject({ sub: z.string(), iss: z.string() })

/** What a consumer's token depends on: it is valid as long as the account trusts both. */
export interface TokenOrigin {
  /** The key of the account that has signed it. */
  keyId: string
  /** Who vouched for the consumer; absent for an anonymous one. */
  issuer: string | undefined
  /** In ms of real time. */
  issuedAt: number
  /** The application that registered the consumer. */
  clientId?: string | undefined
}

/** Who a consumer is. */
export interface ConsumerIdentity {
  consumerId: string
  /** By an issuer that the account trusts; else the consumer is anonymous. */
  authenticated: boolean
  expiresAt: number
  origin: TokenOrigin
  /** `sub` and `iss` of the external token, and what else it said: `given_name`, `lp_sdes` and so on. */
  ext?: z.infer<typeof ExternalIdentity>
}

/** A new anonymous consumer, by the token that its sockets are opened with. */
export async function signUp(deps: CredentialsDeps, accountId: string): Promise<string> {
  return issueConsumerToken(deps, accountId, { consumerId: deps.ids.uuid() })
}

/** A new anonymous identity, to be exchanged by `authenticate` again and again. */
export async function authorizeAnonymous(
  deps: CredentialsDeps,
  accountId: string,
): Promise<string> {
  const now = Math.floor(deps.wallClock.now() / 1000)
  const exp = now + ANONYMOUS_IDENTITY_MS / 1000
  const claims = {
    iss: ANONYMOUS_ISSUER,
    sub: deps.ids.uuid(),
    aud: audienceOf(accountId),
    iat: now,
    exp,
  }
  return signJwt(deps, accountId, claims)
}

/**
 * Exchanges a token of an external issuer, or an anonymous one of ours, for the token that sockets are opened with.
 * @throws `unauthorized` saying what is wrong with the token
 */
export async function authenticate(
  deps: CredentialsDeps,
  accountId: string,
  authCode: string,
): Promise<string> {
  const { signingKeys } = await deps.snapshots.get(accountId)
  const own = readOwnJwt(signingKeys, authCode, deps.wallClock.now(), isAnonymous)
  if (own) {
    if (!isAnonymous(own) || own.aud !== audienceOf(accountId) || own.sub === undefined) {
      throw new ParleyError('unauthorized', 'authCode: the token is of another kind')
    }
    if (own.exp * 1000 <= deps.wallClock.now()) {
      throw new ParleyError('unauthorized', 'authCode: the token has expired')
    }
    return issueConsumerToken(deps, accountId, { consumerId: own.sub })
  }
  const ext = await verifyExternalToken(deps, accountId, authCode)
  return issueConsumerToken(deps, accountId, { consumerId: consumerIdOf(accountId, ext), ext })
}

/** Nobody else can vouch for this consumer again: without the token, its conversations are lost to it. */
function isAnonymous(claims: Pick<JwtClaims, 'iss' | 'azp'> & { 'lp.ext'?: unknown }): boolean {
  const isPlain = claims['lp.ext'] === undefined && claims.azp === undefined
  return claims.iss === ANONYMOUS_ISSUER || (claims.iss === CONSUMER_ISSUER && isPlain)
}

/**
 * A token for a consumer of an application, by the id that the application has given it: the same consumer every time, and no other
 * application's.
 */
export async function register(
  deps: CredentialsDeps,
  accountId: string,
  clientId: string,
  externalId: string,
): Promise<string> {
  const consumerId = consumerIdOf(accountId, { iss: `client:${clientId}`, sub: externalId })
  return issueConsumerToken(deps, accountId, {
    consumerId,
    registered: {
      azp: clientId,
      account_id: accountId,
      ext_consumer_id: externalId,
      lp_consumer_id: consumerId,
    },
  })
}

/** Signs the token by which sockets know a consumer; `ext` makes it an authenticated one, `registered` one of an application. */
async function issueConsumerToken(
  deps: CredentialsDeps,
  accountId: string,
  {
    consumerId,
    ext,
    registered,
  }: Pick<ConsumerIdentity, 'consumerId' | 'ext'> & { registered?: object },
): Promise<string> {
  const { identity } = await deps.settings.get(accountId)
  const { issuers } = await deps.snapshots.get(accountId)
  const issuer = ext && issuers.get(ext.iss)
  const trustedAt = issuer ? trustedSince(issuer) : 0
  // Never before its issuer was trusted: whole seconds, and the clock of the node that was told so, may be behind.
  const now = Math.max(Math.floor(deps.wallClock.now() / 1000), Math.ceil(trustedAt / 1000))
  return signJwt(deps, accountId, {
    iss: CONSUMER_ISSUER,
    sub: consumerId,
    aud: audienceOf(accountId),
    iat: now,
    exp: now + Math.ceil(identity.consumerTokenMs / 1000),
    ...(ext && { 'lp.ext': ext }),
    ...registered,
  })
}

/**
 * Who the token is for.
 * @throws `token_expired` or `anonymous_token_expired` when it was good once, else `unauthorized`
 */
export async function verify(
  deps: CredentialsDeps,
  accountId: string,
  token: string,
): Promise<ConsumerIdentity> {
  const snapshot = await deps.snapshots.get(accountId)
  const now = deps.wallClock.now()
  const claims = readOwnJwt(snapshot.signingKeys, token, now, isAnonymous)
  if (claims?.iss !== CONSUMER_ISSUER || claims.aud !== audienceOf(accountId) || !claims.sub) {
    throw new ParleyError('unauthorized', "The consumer's token is not one of this account")
  }
  const ext = ExternalIdentity.safeParse(claims['lp.ext']).data
  const origin = {
    keyId: claims.kid,
    issuer: ext?.iss,
    issuedAt: claims.iat * 1000,
    clientId: claims.azp,
  }
  if (!isTrusted(snapshot, origin)) {
    throw new ParleyError('unauthorized', "Who vouched for the consumer's identity is not trusted")
  }
  requireActive(deps.store, accountId)
  const expiresAt = claims.exp * 1000
  if (expiresAt <= now) {
    throw new ParleyError(
      ext ? 'token_expired' : 'anonymous_token_expired',
      "The consumer's token has expired",
    )
  }
  return {
    consumerId: claims.sub,
    authenticated: ext !== undefined,
    expiresAt,
    origin,
    ...(ext && { ext }),
  }
}

/**
 * Whether tokens of this origin are valid: not after its key was revoked, its issuer deleted, or its application may no longer. An
 * issuer that is trusted anew brings none of them back: it has other keys, because somebody had the former ones.
 */
export async function trusts(
  { snapshots }: CredentialsDeps,
  accountId: string,
  origin: TokenOrigin,
): Promise<boolean> {
  return isTrusted(await snapshots.get(accountId), origin)
}

function isTrusted(
  { signingKeys, issuers, clients }: CredentialsSnapshot,
  { keyId, issuer, issuedAt, clientId }: TokenOrigin,
): boolean {
  const isKnown =
    (issuer === undefined || trustedSince(issuers.get(issuer)) <= issuedAt) &&
    (clientId === undefined || clients.get(clientId)?.scopes.includes('msg.consumer') === true)
  return isKnown && signingKeys.some(({ kid }) => kid === keyId)
}

/** In ms of real time. */
function trustedSince(issuer: TokenIssuer | undefined): number {
  return issuer ? Date.parse(issuer.createdAt) : Infinity
}

/** The same person of the same issuer is the same consumer, without a row that remembers it. */
function consumerIdOf(accountId: string, { iss, sub }: { iss: string; sub: string }): string {
  return hash('sha256', JSON.stringify([accountId, iss, sub]))
}

function audienceOf(accountId: string): string {
  return `acc:${accountId}`
}
