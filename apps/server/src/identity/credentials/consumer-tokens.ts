import { createHash } from 'node:crypto'
import { ParleyError } from '#base/kernel'
import { z } from 'zod'
import { verifyExternalToken } from './external-tokens.ts'
import { readOwnJwt } from './jwt.ts'
import type { Credentials } from './known.ts'
import type { CredentialsRoom } from './room.ts'
import { ANONYMOUS_IDENTITY_MS, signJwt } from './signing-keys.ts'

const CONSUMER_ISSUER = 'https://idp.parley.internal'
const ANONYMOUS_ISSUER = 'https://anonymous.parley.internal'

/** What the external issuer said about a consumer. */
const ExternalIdentity = z.looseObject({ sub: z.string(), iss: z.string() })

/** Whom a consumer's token depends on: it is good for as long as the account trusts both. */
export interface TokenOrigin {
  /** The key of the account that has signed it. */
  keyId: string
  /** Who vouched for the consumer; absent for an anonymous one. */
  issuer: string | undefined
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
export async function signUpConsumer(room: CredentialsRoom, accountId: string): Promise<string> {
  return issueConsumerToken(room, accountId, { consumerId: room.ids.uuid() })
}

/** A new anonymous identity, to be exchanged by `authenticateConsumer` again and again. */
export async function authorizeAnonymous(
  room: CredentialsRoom,
  accountId: string,
): Promise<string> {
  const now = Math.floor(room.clock.now() / 1000)
  const exp = now + ANONYMOUS_IDENTITY_MS / 1000
  const claims = {
    iss: ANONYMOUS_ISSUER,
    sub: room.ids.uuid(),
    aud: audienceOf(accountId),
    iat: now,
    exp,
  }
  return signJwt(room, accountId, claims)
}

/**
 * Exchanges a token of an external issuer, or an anonymous one of ours, for the token that sockets are opened with.
 * @throws `unauthorized` saying what is wrong with the token
 */
export async function authenticateConsumer(
  room: CredentialsRoom,
  accountId: string,
  authCode: string,
): Promise<string> {
  const { signingKeys } = await room.credentials.get(accountId)
  const own = readOwnJwt(signingKeys, authCode, room.clock.now())
  if (own) {
    const isAnonymous =
      own.iss === ANONYMOUS_ISSUER || (own.iss === CONSUMER_ISSUER && !own['lp.ext'])
    if (!isAnonymous || own.aud !== audienceOf(accountId) || own.sub === undefined) {
      throw new ParleyError('unauthorized', 'authCode: the token is of another kind')
    }
    if (own.exp * 1000 <= room.clock.now()) {
      throw new ParleyError('unauthorized', 'authCode: the token has expired')
    }
    return issueConsumerToken(room, accountId, { consumerId: own.sub })
  }
  const ext = await verifyExternalToken(room, accountId, authCode)
  return issueConsumerToken(room, accountId, { consumerId: consumerIdOf(accountId, ext), ext })
}

/** Signs the token by which sockets know a consumer; `ext` makes it an authenticated one. */
async function issueConsumerToken(
  room: CredentialsRoom,
  accountId: string,
  { consumerId, ext }: Pick<ConsumerIdentity, 'consumerId' | 'ext'>,
): Promise<string> {
  const lives = await room.lives(accountId)
  const now = Math.floor(room.clock.now() / 1000)
  return signJwt(room, accountId, {
    iss: CONSUMER_ISSUER,
    sub: consumerId,
    aud: audienceOf(accountId),
    iat: now,
    exp: now + Math.ceil(lives.consumerTokenMs / 1000),
    ...(ext && { 'lp.ext': ext }),
  })
}

/**
 * Who the token is for.
 * @throws `token_expired` or `anonymous_token_expired` when it was good once, else `unauthorized`
 */
export async function verifyConsumerToken(
  room: CredentialsRoom,
  accountId: string,
  token: string,
): Promise<ConsumerIdentity> {
  const credentials = await room.credentials.get(accountId)
  const now = room.clock.now()
  const claims = readOwnJwt(credentials.signingKeys, token, now)
  if (claims?.iss !== CONSUMER_ISSUER || claims.aud !== audienceOf(accountId) || !claims.sub) {
    throw new ParleyError('unauthorized', "The consumer's token is not one of this account")
  }
  const ext = ExternalIdentity.safeParse(claims['lp.ext']).data
  const origin = { keyId: claims.kid, issuer: ext?.iss }
  if (!isTrusted(credentials, origin)) {
    throw new ParleyError('unauthorized', "The issuer of the consumer's identity is not trusted")
  }
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

export function isTrusted(
  { signingKeys, issuers }: Credentials,
  { keyId, issuer }: TokenOrigin,
): boolean {
  const isKnown = issuer === undefined || issuers.has(issuer)
  return isKnown && signingKeys.some(({ kid }) => kid === keyId)
}

/** The same person of the same issuer is the same consumer, without a row that remembers it. */
function consumerIdOf(accountId: string, { iss, sub }: { iss: string; sub: string }): string {
  return createHash('sha256')
    .update(JSON.stringify([accountId, iss, sub]))
    .digest('hex')
}

function audienceOf(accountId: string): string {
  return `acc:${accountId}`
}
