import { constants, createHash, createHmac, createSign, randomUUID } from 'node:crypto'
import type { OutgoingRequest } from './exchange.ts'
import type { ToolbeltHost } from './host.ts'
import { encode, isForm } from './http-query.ts'

/** The option `oauth` of the published client: OAuth1 (RFC 5849). */
export interface OAuthOptions {
  consumer_key?: string
  consumer_secret?: string
  token?: string
  token_secret?: string
  /** In place of the secret of the consumer, for `RSA-SHA1`: PEM. */
  private_key?: string
  signature_method?: string
  nonce?: string
  timestamp?: string | number
  version?: string
  realm?: string
  verifier?: string
  callback?: string
  /** `true`: that of the body. */
  body_hash?: boolean | string
  transport_method?: string
}

const NO_PARAMETERS = new Set([
  'consumer_secret',
  'token_secret',
  'private_key',
  'realm',
  'transport_method',
])

/** The `Authorization` header of a request that is otherwise ready. */
export function oauthHeader(
  host: ToolbeltHost,
  request: OutgoingRequest,
  options: OAuthOptions,
): string {
  const { realm, transport_method: transport = 'header' } = options
  if (transport !== 'header') {
    throw new Error(`oauth: the transport_method "${transport}" is not supported, only "header"`)
  }
  const own = parametersOf(host, request, options)
  const method = own['oauth_signature_method'] ?? ''
  const signature = sign(method, baseOf(request, own), options)
  const members = Object.entries({ ...own, oauth_signature: signature })
  if (realm !== undefined) members.unshift(['realm', realm])
  return `OAuth ${members.map(([name, value]) => `${name}="${encode(value)}"`).join(',')}`
}

function parametersOf(
  host: ToolbeltHost,
  { body, headers }: OutgoingRequest,
  options: OAuthOptions,
): Record<string, string> {
  // Drawn in any case: what code draws later in a replay is what it drew then.
  const drawn = randomUUID().replaceAll('-', '')
  const proof = host.signsWith?.()
  const given: Record<string, unknown> = {
    version: '1.0',
    timestamp: Math.floor((proof?.at ?? Date.now()) / 1_000),
    nonce: proof?.nonce ?? drawn,
    signature_method: 'HMAC-SHA1',
    ...withoutEmpty(options),
  }
  if (given['body_hash'] === true && !isForm(headers)) {
    const hash = createHash('sha1').update(body ?? '')
    given['body_hash'] = hash.digest('base64')
  }
  const members = Object.entries(given).filter(
    ([name, value]) => !NO_PARAMETERS.has(name) && value !== true,
  )
  return Object.fromEntries(members.map(([name, value]) => [`oauth_${name}`, String(value)]))
}

/** What is empty is drawn, as the published client does. */
function withoutEmpty(options: OAuthOptions): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => Boolean(value)))
}

/** What is signed (RFC 5849, 3.4.1): method, address, and all parameters of the query, of a form and of the header, in order. */
function baseOf({ body, headers, method, url }: OutgoingRequest, own: Record<string, string>) {
  const form = isForm(headers) ? [...new URLSearchParams(body?.toString())] : []
  const pairs = [...url.searchParams, ...form, ...Object.entries(own)]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map((pair) => pair.join('='))
  return [method, `${url.origin}${url.pathname}`, pairs.join('&')].map(encode).join('&')
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function sign(method: string, base: string, options: OAuthOptions): string {
  const { consumer_secret: secret = '', private_key: pem = secret, token_secret = '' } = options
  const key = `${encode(secret)}&${encode(token_secret)}`
  if (method === 'PLAINTEXT') return key
  if (method === 'HMAC-SHA1') return createHmac('sha1', key).update(base).digest('base64')
  if (method === 'HMAC-SHA256') return createHmac('sha256', key).update(base).digest('base64')
  if (method === 'RSA-SHA1') {
    const padding = constants.RSA_PKCS1_PADDING
    return createSign('RSA-SHA1').update(base).sign({ key: pem, padding }, 'base64')
  }
  throw new Error(`oauth: the signature method "${method}" is not supported`)
}
