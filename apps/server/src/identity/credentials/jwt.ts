import { parseJson } from '#base/input'
import { generateKeyPair, type KeyObject, sign, verify } from 'node:crypto'
import { promisify } from 'node:util'
import type { SecretsBox } from '#identity/sealing'
import * as z from 'zod'
import type { SigningKeyEntry } from './snapshot.ts'

const generate = promisify(generateKeyPair)
const signAsync = promisify(sign)

/** How long an anonymous consumer's identity lives: a consumer that returns within this time is the same one. */
export const ANONYMOUS_IDENTITY_MS = 365 * 24 * 3_600_000

const MAX_CHARACTERS = 16_384
/** Of the clocks of two nodes. */
const TOLERANCE_MS = 60_000

const Header = z.object({
  alg: z.string(),
  kid: z.string().optional(),
  typ: z.string().optional(),
})
const Claims = z.looseObject({
  iss: z.string(),
  sub: z.string().optional(),
  aud: z.string().optional(),
  /** The application that the token was issued to, and what for. */
  azp: z.string().optional(),
  scope: z.string().optional(),
  /** Of a token that acts for a user: what the user has let the application do. */
  grant: z.string().optional(),
  /** The thumbprint of the key whose owner alone may use the token (RFC 9449). */
  cnf: z.object({ jkt: z.string() }).optional(),
  iat: z.number(),
  exp: z.number(),
})
/** With the id of the key that has signed them, and the type that the header names. */
export type JwtClaims = z.infer<typeof Claims> & { kid: string; typ: string | undefined }

/**
 * The claims of a token that this account has signed, `undefined` for any other. Synchronous: the round trip of
 * WebCrypto through the thread pool costs more than the check. The caller checks whether the token has expired.
 * @param isIrreplaceable whether nobody could get it again: such a one is good also where the node that issued it was far ahead
 */
export function readOwnJwt(
  signingKeys: readonly SigningKeyEntry[],
  token: string,
  now: number,
  isIrreplaceable: (claims: z.infer<typeof Claims>) => boolean = () => false,
): JwtClaims | undefined {
  const [head = '', body = '', signature, ...rest] = token.split('.')
  if (signature === undefined || rest.length > 0 || token.length > MAX_CHARACTERS) return undefined
  const header = Header.safeParse(decode(head)).data
  if (header?.alg !== 'RS256') return undefined
  const key = signingKeys.find(({ kid }) => kid === header.kid)
  if (!key) return undefined
  const signed = Buffer.from(`${head}.${body}`)
  if (!verify('sha256', signed, key.publicKey, Buffer.from(signature, 'base64url')))
    return undefined
  const claims = Claims.safeParse(decode(body)).data
  if (!claims) return undefined
  if (claims.iat * 1000 > now + TOLERANCE_MS && !isIrreplaceable(claims)) return undefined
  return { ...claims, kid: key.kid, typ: header.typ }
}

function decode(part: string): unknown {
  try {
    return parseJson(Buffer.from(part, 'base64url').toString(), 'token')
  } catch {
    return undefined
  }
}

/** Signs claims as a JWT with this key. */
export async function signWith(
  { kid, privateKey }: SigningKeyEntry,
  claims: object,
): Promise<string> {
  const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid })}.${encode(claims)}`
  const signature = await signAsync('sha256', Buffer.from(signed), privateKey())
  return `${signed}.${signature.toString('base64url')}`
}

export type MakeKeyPair = () => Promise<{ publicKey: KeyObject; privateKey: KeyObject }>

/** A fifth of a second of a processor: two large primes are looked for. */
export const makeRsaPair: MakeKeyPair = () => generate('rsa', { modulusLength: 2048 })

/** A new key as it is stored; the private half is sealed for `context`. */
export async function makeKey(
  { box, makeKeyPair = makeRsaPair }: { box: SecretsBox; makeKeyPair?: MakeKeyPair },
  kid: string,
  context: string,
): Promise<{ kid: string; publicJwk: string; privateBox: string }> {
  const { publicKey, privateKey } = await makeKeyPair()
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { kid, publicJwk: JSON.stringify(jwk), privateBox: box.seal(pem, context) }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
