import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Scene } from './scene.ts'

/** Later than any test moves its clock. */
const EXPIRES_S = 4_000_000_000

/** The issuer of `givenIssuer`. */
export const TEST_ISSUER = 'https://login.example.com'

/**
 * Has an account trust an issuer. Resolves with what signs a consumer in there, and gives the consumer's token.
 * @param claims what the issuer says of each consumer
 */
export async function givenIssuer(
  { accountId, adminBearer, request }: Pick<Scene, 'accountId' | 'adminBearer' | 'request'>,
  claims: object = {},
): Promise<(subject: string) => Promise<string>> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const keys = [{ ...(await exportJWK(publicKey)), alg: 'RS256', kid: 'k1' }]
  const trusted = await request('POST', `/api/v1/accounts/${accountId}/issuers`, {
    bearer: adminBearer,
    body: { issuer: TEST_ISSUER, keys },
  })
  if (trusted.status !== 201) throw new Error(`The issuer is not trusted: ${trusted.text}`)
  return async (subject) => {
    const authCode = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setSubject(subject)
      .setIssuer(TEST_ISSUER)
      .setExpirationTime(EXPIRES_S)
      .sign(privateKey)
    const path = `/api/account/${accountId}/authenticate`
    const reply = await request('POST', path, { body: { authCode } })
    return reply.json<{ jwt: string }>().jwt
  }
}
