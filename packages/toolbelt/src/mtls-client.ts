import { createPrivateKey, X509Certificate } from 'node:crypto'
import { messageOf } from './errors.ts'
import { type Answer, exchange } from './exchange.ts'
import { given } from './given.ts'
import { type ToolbeltHost, toolbeltHeaders } from './host.ts'

type Pem = string | Buffer

export interface MtlsOptions {
  /** Serialises the body and parses the answer. */
  json?: boolean
  /** In ms. */
  timeout?: number
  allowSelfSigned?: boolean
}

export interface MtlsResponse {
  statusCode: number
  headers: Answer['headers']
  body?: unknown
}

type Headers = Record<string, string>

/**
 * The published client for servers that want a client certificate (`ToolbeltDocumentation/mtls-client.md`).
 * @throws `Error` that names the malformed certificate or key
 */
export function createMtlsClient(
  host: ToolbeltHost,
  certificates: { cert: Pem; key: Pem; ca?: Pem },
) {
  const { ca, cert, key } = certificates ?? {}
  given('cert', cert)
  given('key', key)
  check('cert', cert, (pem) => new X509Certificate(pem))
  check('key', key, (pem) => createPrivateKey(pem))
  if (ca !== undefined) check('ca', ca, (pem) => new X509Certificate(pem))

  async function send(
    method: string,
    url: string,
    headers: Headers = {},
    body?: unknown,
    options: MtlsOptions = {},
  ): Promise<MtlsResponse> {
    const address = new URL(given('url', url))
    // Without TLS nobody would be shown the certificate, and all could read along.
    if (address.protocol !== 'https:') {
      throw new TypeError(`The address must begin with https://, not with ${address.protocol}`)
    }
    const own: Headers = options.json ? { 'content-type': 'application/json' } : {}
    const answer = await exchange(host, {
      url: address,
      method,
      headers: { ...toolbeltHeaders(), ...own, ...headers },
      body: bytesOf(body, options.json === true),
      timeoutMs: options.timeout,
      tls: {
        cert,
        key,
        ...(ca === undefined ? {} : { ca }),
        rejectUnauthorized: options.allowSelfSigned !== true,
      },
    })
    const { statusCode } = answer
    if (method === 'HEAD' || method === 'OPTIONS') return { statusCode, headers: answer.headers }
    const text = answer.body.toString()
    return { statusCode, headers: answer.headers, body: options.json ? parsed(text) : text }
  }

  const withBody =
    (method: string) => (url: string, headers?: Headers, body?: unknown, options?: MtlsOptions) =>
      send(method, url, headers, body, options)
  const withoutBody = (method: string) => (url: string, headers?: Headers, options?: MtlsOptions) =>
    send(method, url, headers, undefined, options)
  return {
    get: withBody('GET'),
    post: withBody('POST'),
    put: withBody('PUT'),
    patch: withBody('PATCH'),
    delete: withBody('DELETE'),
    head: withoutBody('HEAD'),
    options: withoutBody('OPTIONS'),
  }
}

function check(what: string, pem: Pem, read: (pem: Pem) => unknown): void {
  try {
    read(pem)
  } catch (error) {
    throw new Error(`The given ${what} is malformed: ${messageOf(error)}`, { cause: error })
  }
}

function bytesOf(body: unknown, asJson: boolean): Buffer | undefined {
  if (body === undefined || body === null) return undefined
  if (asJson) return Buffer.from(JSON.stringify(body))
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body)
  throw new TypeError('The body must be a text or bytes, unless the option json is set')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
