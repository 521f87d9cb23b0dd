import { createHmac } from 'node:crypto'
import type { ToolbeltHost } from './host.ts'
import type { SecretClient } from './secret-client.ts'
import { messageOf } from './errors.ts'

interface AppKey {
  consumerKey: string
  consumerSecret: string
  token: string
  tokenSecret: string
}

type OAuthModule = new (options: object) => {
  authorize(
    request: { url: string; method: string },
    token: { key: string; secret: string },
  ): object
  toHeader(authorization: object): { Authorization: string }
  getNonce(): string
  getTimeStamp(): number
}

/** The Authorization header of a request (RFC 5849, HMAC-SHA1), signed with an app key from a secret. The body is not signed. */
export async function signedHeader(
  { host, secrets }: { host: ToolbeltHost; secrets: SecretClient },
  secretName: string,
  request: { url: string; method: string },
): Promise<string> {
  const { consumerKey, consumerSecret, token, tokenSecret } = await appKey(secrets, secretName)
  const OAuth = require('oauth-1.0a') as OAuthModule
  const signer = new OAuth({
    consumer: { key: consumerKey, secret: consumerSecret },
    signature_method: 'HMAC-SHA1',
    hash_function: (base: string, key: string) =>
      createHmac('sha1', key).update(base).digest('base64'),
  })
  const proof = host.signsWith?.()
  if (proof) {
    // Drawn none the less: what code draws later is what it drew then.
    signer.getNonce()
    signer.getNonce = () => proof.nonce
    signer.getTimeStamp = () => Math.floor(proof.at / 1_000)
  }
  // The parameters are given separately: the library does not decode their names in a URL.
  const { origin, pathname, searchParams } = new URL(request.url)
  const data: Record<string, string[]> = {}
  for (const [name, value] of searchParams) (data[name] ??= []).push(value)
  const target = { url: `${origin}${pathname}`, method: request.method, data }
  const authorization = signer.authorize(target, { key: token, secret: tokenSecret })
  return signer.toHeader(authorization).Authorization
}

async function appKey(secrets: SecretClient, secretName: string): Promise<AppKey> {
  try {
    const { value } = await secrets.readSecret(secretName)
    const key = (typeof value === 'string' ? parsed(secretName, value) : value) as AppKey | null
    // The token may be missing, as RFC 5849 has it.
    if (!isText(key?.consumerKey) || !isText(key.consumerSecret)) {
      throw new Error(`The secret "${secretName}" must have consumerKey and consumerSecret`)
    }
    return key
  } catch (error) {
    throw new Error(
      `Could not fetch App Key credentials from secret storage: ${messageOf(error)}`,
      {
        cause: error,
      },
    )
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function parsed(secretName: string, value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    // The parser's error is not passed on: it quotes the value.
    throw new Error(`The secret "${secretName}" is no JSON`)
  }
}
