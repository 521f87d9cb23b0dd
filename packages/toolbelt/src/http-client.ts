import { unescape } from 'node:querystring'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { type Answer, exchange, type OutgoingRequest } from './exchange.ts'
import { type ToolbeltHost, toolbeltHeaders } from './host.ts'
import { encodeBody } from './http-body.ts'
import { type HttpOptions, targetOf } from './http-options.ts'
import { isRedirect, redirected } from './http-redirect.ts'
import { RequestError, StatusCodeError } from './http-errors.ts'

export interface HttpResponse {
  statusCode: number
  statusMessage: string
  headers: Answer['headers']
  body: unknown
  request: { uri: URL; method: string; headers: Record<string, string> }
}

type Given = string | URL | HttpOptions
type Call = (target: Given, options?: HttpOptions) => Promise<unknown>
type Verb = 'get' | 'head' | 'options' | 'post' | 'put' | 'patch' | 'delete' | 'del'

export interface HttpClient extends Call, Record<Verb, Call> {
  defaults(options: HttpOptions): HttpClient
}

/** The published HTTP client (`DevelopingwithFaaS/toolbelt.md`), with the interface of `request-promise`. */
export function createHttpClient(host: ToolbeltHost, defaults: HttpOptions = {}): HttpClient {
  const call: Call = (target, options) => perform(host, merge(defaults, optionsOf(target, options)))
  const as =
    (method: string): Call =>
    (target, options) =>
      call({ ...optionsOf(target, options), method })
  return Object.assign(call, {
    get: as('GET'),
    head: as('HEAD'),
    options: as('OPTIONS'),
    post: as('POST'),
    put: as('PUT'),
    patch: as('PATCH'),
    delete: as('DELETE'),
    del: as('DELETE'),
    defaults: (more: HttpOptions) => createHttpClient(host, merge(defaults, more)),
  })
}

function optionsOf(target: Given, options: HttpOptions = {}): HttpOptions {
  if (typeof target === 'string' || target instanceof URL) return { ...options, uri: target }
  return { ...target, ...options }
}

function merge(defaults: HttpOptions, own: HttpOptions): HttpOptions {
  return { ...defaults, ...own, headers: { ...defaults.headers, ...own.headers } }
}

async function perform(host: ToolbeltHost, options: HttpOptions): Promise<unknown> {
  let response: HttpResponse
  try {
    response = await follow(host, options)
  } catch (cause) {
    throw new RequestError(cause, options)
  }
  const isSuccess = response.statusCode >= 200 && response.statusCode < 300
  const { resolveWithFullResponse = false, simple = true, transform } = options
  if (simple && !isSuccess) {
    throw new StatusCodeError(response.statusCode, response.body, options, response)
  }
  if (transform) return transform(response.body, response, resolveWithFullResponse)
  if (resolveWithFullResponse) return response
  return response.request.method === 'HEAD' ? response.headers : response.body
}

async function follow(host: ToolbeltHost, options: HttpOptions): Promise<HttpResponse> {
  let request = requestOf(options)
  for (let hops = 0; ; hops += 1) {
    const answer = await exchange(host, request)
    if (!isRedirect(answer, request, options)) return responseOf(answer, request, options)
    const { maxRedirects = 10 } = options
    if (hops >= maxRedirects) {
      throw new Error(
        `Exceeded maxRedirects. Probably stuck in a redirect loop ${request.url.href}`,
      )
    }
    request = redirected(answer, request, options)
  }
}

function requestOf(options: HttpOptions): OutgoingRequest {
  const url = targetOf(options)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries({ ...toolbeltHeaders(), ...options.headers })) {
    if (value === undefined) continue
    // A header of the function replaces the toolbelt's own, whatever its case.
    headers[name.toLowerCase()] = String(value)
  }
  const auth = options.auth ?? authIn(url)
  if (auth) headers['authorization'] ??= authorization(auth)
  if (options.gzip) headers['accept-encoding'] ??= 'gzip, deflate'
  const body = encodeBody(options, headers)
  const method = (options.method ?? 'GET').toUpperCase()
  return { url, method, headers, body, timeoutMs: options.timeout, tls: tlsOf(options) }
}

function authIn({ username, password }: URL): HttpOptions['auth'] {
  if (username === '' && password === '') return undefined
  return { user: unescape(username), pass: unescape(password) }
}

function authorization(auth: NonNullable<HttpOptions['auth']>): string {
  const { bearer, pass, password, user, username } = auth
  if (bearer !== undefined) return `Bearer ${typeof bearer === 'function' ? bearer() : bearer}`
  const pair = `${user ?? username ?? ''}:${pass ?? password ?? ''}`
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

function tlsOf(options: HttpOptions): NonNullable<OutgoingRequest['tls']> {
  const { agentOptions, ca, cert, key, passphrase, rejectUnauthorized, strictSSL } = options
  const verify = rejectUnauthorized ?? strictSSL
  return {
    ...agentOptions,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(verify === undefined ? {} : { rejectUnauthorized: verify }),
  }
}

function responseOf(answer: Answer, request: OutgoingRequest, options: HttpOptions): HttpResponse {
  const { headers, statusCode, statusMessage } = answer
  const { method, url } = request
  return {
    statusCode,
    statusMessage,
    headers,
    body: bodyOf(answer, options),
    request: { uri: url, method, headers: request.headers },
  }
}

function bodyOf({ body, headers }: Answer, options: HttpOptions): unknown {
  const bytes = options.gzip ? decompress(body, String(headers['content-encoding'] ?? '')) : body
  if (options.encoding === null) return bytes
  const text = bytes.toString(options.encoding ?? 'utf8')
  if (options.json === undefined || options.json === false) return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function decompress(bytes: Buffer, encoding: string): Buffer {
  if (encoding === 'gzip') return gunzipSync(bytes)
  if (encoding === 'deflate') return inflateSync(bytes)
  return encoding === 'br' ? brotliDecompressSync(bytes) : bytes
}
