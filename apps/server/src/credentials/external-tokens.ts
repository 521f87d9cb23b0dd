import { createLocalJWKSet, decodeJwt, errors, type JWK, type JWTPayload, jwtVerify } from 'jose'
import { ParleyError } from '#kernel'
import { checkText } from '#http'
import type { CredentialsRoom } from './room.ts'

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
const PERSONAL = new Set([
  'sub',
  'iss',
  'given_name',
  'family_name',
  'name',
  'preferred_username',
  'email',
  'phone_number',
  'gender',
])

/** What an issuer that the account trusts says about a consumer. */
export async function verifyExternalToken(
  { credentials, clock }: CredentialsRoom,
  accountId: string,
  token: string,
): Promise<{ sub: string; iss: string } & Record<string, unknown>> {
  if (token.length > MAX_CHARACTERS) throw refused('is too long')
  const { issuers } = await credentials.get(accountId)
  const issuer = issuers.get(claimedIssuer(token))
  if (!issuer) throw refused('is of an issuer that this account does not trust')
  const payload = await verified(token, {
    keys: createLocalJWKSet({ keys: issuer.keys as JWK[] }),
    audience: issuer.audience,
    issuer: issuer.issuer,
    now: clock.now(),
  })
  checkText(payload, 'authCode')
  const { sub, iss } = payload
  if (typeof sub !== 'string' || !sub || !iss) throw refused('names no subject')
  const said = Object.entries(payload).filter(
    ([name]) => PERSONAL.has(name) || name.startsWith('lp_'),
  )
  return { ...Object.fromEntries(said), sub, iss }
}

function claimedIssuer(token: string): string {
  try {
    return decodeJwt(token).iss ?? ''
  } catch (cause) {
    throw refused('is not a JSON Web Token', cause)
  }
}

async function verified(
  token: string,
  {
    keys,
    issuer,
    audience,
    now,
  }: {
    keys: ReturnType<typeof createLocalJWKSet>
    issuer: string
    audience: string | undefined
    now: number
  },
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      algorithms: ALGORITHMS,
      requiredClaims: ['sub', 'exp'],
      clockTolerance: 60,
      currentDate: new Date(now),
      ...(audience !== undefined && { audience }),
    })
    return payload
  } catch (cause) {
    if (cause instanceof errors.JOSEError) throw refused(`was refused: ${cause.message}`, cause)
    throw cause
  }
}

function refused(why: string, cause?: unknown): ParleyError {
  return new ParleyError('unauthorized', `authCode: the token ${why}`, { cause })
}
