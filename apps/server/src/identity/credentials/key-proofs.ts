import { hash } from 'node:crypto'
import { calculateJwkThumbprint, EmbeddedJWK, errors, jwtVerify } from 'jose'
import * as z from 'zod'
import { type GuardedRequest, KEY_PROOF_ALGORITHMS, splitUrl } from '#base/http'
import { ParleyError } from '#base/kernel'
import { isNow } from './nonces.ts'
import type { CredentialsDeps } from './deps.ts'

const MAX_CHARACTERS = 8192

const Proof = z.object({
  jti: z.string().min(1).max(256),
  htm: z.string(),
  htu: z.string(),
  iat: z.number(),
  ath: z.string().optional(),
})

/** A proof that was accepted. */
export interface AcceptedProof {
  /** Of the caller's key. */
  thumbprint: string
  /** Lets the same proof come again. */
  release(this: void): Promise<void>
}

/**
 * Checks the proof in the header `DPoP` that the caller has a key (RFC 9449).
 * `accessToken` is the token that the proof must have been made for; `undefined` when a token is asked for.
 * @throws `unauthorized` with the first rule that the proof breaks
 */
export async function verify(
  deps: CredentialsDeps,
  accountId: string,
  request: GuardedRequest,
  accessToken: string | undefined,
): Promise<AcceptedProof> {
  const { dpop } = request.headers
  if (typeof dpop !== 'string' || dpop.length > MAX_CHARACTERS)
    throw refused('the header is missing')
  const { proof, thumbprint } = await readProof(dpop, deps.wallClock.now())
  if (proof.htm !== request.method) throw refused('htm is another method')
  if (!isTarget(proof.htu, request)) throw refused('htu is another address')
  const at = proof.iat * 1000
  if (!isNow(deps, at)) throw refused('iat is off by more than 5 minutes')
  if (accessToken !== undefined && proof.ath !== hashOf(accessToken)) {
    throw refused('ath does not fit the token')
  }
  const [key, nonce] = [`dpop:${thumbprint}`, hashOf(proof.jti)]
  if (!(await deps.nonces.use(accountId, key, nonce, at))) throw refused('jti was used before')
  return { thumbprint, release: () => deps.nonces.release(accountId, key, nonce) }
}

async function readProof(dpop: string, now: number) {
  const { payload, protectedHeader } = await verified(dpop, now)
  const proof = Proof.safeParse(payload).data
  if (!proof || !protectedHeader.jwk) throw refused('a claim is missing')
  return { proof, thumbprint: await calculateJwkThumbprint(protectedHeader.jwk) }
}

async function verified(dpop: string, now: number) {
  try {
    return await jwtVerify(dpop, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: KEY_PROOF_ALGORITHMS,
      currentDate: new Date(now),
    })
  } catch (cause) {
    if (cause instanceof errors.JOSEError) throw refused(cause.message, cause)
    // The key is the caller's, too: one that is malformed or too short is refused with errors of the platform.
    throw refused('the key cannot be used', cause)
  }
}

/** Without query; by https too, because a proxy may have taken TLS off. */
function isTarget(htu: string, { url, headers, encrypted }: GuardedRequest): boolean {
  if (!URL.canParse(htu)) return false
  const claimed = new URL(htu)
  const schemes = encrypted ? ['https:'] : ['https:', 'http:']
  return schemes.some((scheme) => {
    const address = `${scheme}//${headers.host ?? ''}${splitUrl(url).path}`
    if (!URL.canParse(address)) return false
    const asked = new URL(address)
    return claimed.origin === asked.origin && claimed.pathname === asked.pathname
  })
}

function hashOf(text: string): string {
  return hash('sha256', text, 'base64url')
}

function refused(reason: string, cause?: unknown): ParleyError {
  return new ParleyError('unauthorized', `DPoP: ${reason}`, { cause })
}
