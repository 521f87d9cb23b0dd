import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto'
import { exportJWK, SignJWT } from 'jose'

export const ownKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** A proof that its sender has a key (RFC 9449), for a token where one is given. */
export async function proofOfKey(
  {
    method,
    htu,
    token,
    at,
  }: { method: string; htu: string; token?: string | undefined; at: number },
  keys = ownKeys,
): Promise<string> {
  return new SignJWT({
    jti: randomUUID(),
    htm: method,
    htu,
    iat: at / 1000,
    ...(token && { ath: createHash('sha256').update(token).digest('base64url') }),
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(keys.publicKey) })
    .sign(keys.privateKey)
}
