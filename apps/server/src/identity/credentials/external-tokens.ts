import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWK,
  type JWTPayload,
  jwtVerify,
} from 'jose'
import { ParleyError } from '#base/kernel'
import { checkText } from '#base/input'
import type { CredentialsDeps } from './deps.ts'

const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
]
const MAX_CHARACTERS = 8192
/** Of the claims, these and the `lp_` ones go on into the token of ours. */
const KEPT = new Set([
  'sub',
  'iss',
  'given_name',
  'family_name',
  'name',
  'preferred_username',
  'email',
  'phone_number',
  'gender',
  'acr',
])

/** What an issuer that the account trusts says about a consumer. */
export async function verifyExternalToken(
  { snapshots, wallClock }: CredentialsDeps,
  accountId: string,
  token: string,
): Promise<{ sub: string; iss: string } & Record<string, unknown>> {
  if (token.length > MAX_CHARACTERS) throw refused('is too long')
  const { issuers } = await snapshots.get(accountId)
  const issuer = issuers.get(claimedIssuer(token))
  if (!issuer) throw refused('is of an issuer that this account does not trust')
  const payload = await verified(token, {
    keys: issuer.keys as JWK[],
    audience: issuer.audience,
    issuer: issuer.issuer,
    now: wallClock.now(),
  })
  checkText(payload, 'authCode')
  const { sub, iss } = payload
  if (typeof sub !== 'string' || !sub || !iss) throw refused('names no subject')
  const said = Object.entries(payload).filter(([name]) => KEPT.has(name) || name.startsWith('lp_'))
  return { ...Object.fromEntries(said), sub, iss }
}

function claimedIssuer(token: string): string {
  return read(token, decodeJwt).iss ?? ''
}

function read<T>(token: string, decode: (token: string) => T): T {
  try {
    return decode(token)
  } catch (cause) {
    throw refused('is not a JSON Web Token', cause)
  }
}

interface Expected {
  keys: JWK[]
  issuer: string
  audience: string | undefined
  now: number
}

/** Tried with every key that it may mean: a key that came as PEM has no id, and a token need not name one. */
async function verified(token: string, { keys, ...expected }: Expected): Promise<JWTPayload> {
  const { kid } = read(token, decodeProtectedHeader)
  const meant = keys.filter((key) => key.kid === kid || !key.kid || kid === undefined)
  let last: unknown
  for (const key of meant) {
    try {
      return await verifiedBy({ ...key, ...(kid !== undefined && { kid }) }, token, expected)
    } catch (cause) {
      if (!(cause instanceof errors.JOSEError)) throw cause
      last = cause
      if (!isAboutKey(cause)) break
    }
  }
  const reason = last instanceof Error ? last.message : 'the issuer has no key of this id'
  throw refused(`was refused: ${reason}`, last)
}

async function verifiedBy(
  key: JWK,
  token: string,
  { issuer, audience, now }: Omit<Expected, 'keys'>,
): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [key] }), {
    issuer,
    algorithms: ALGORITHMS,
    requiredClaims: ['sub', 'exp'],
    clockTolerance: 60,
    currentDate: new Date(now),
    ...(audience !== undefined && { audience }),
  })
  return payload
}

function isAboutKey(error: errors.JOSEError): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWSSignatureVerificationFailed
  )
}

function refused(reason: string, cause?: unknown): ParleyError {
  return new ParleyError('unauthorized', `authCode: the token ${reason}`, { cause })
}
