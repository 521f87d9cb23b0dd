import { unescape } from 'node:querystring'
import { brotliDecompressSync, constants, gunzipSync, inflateSync } from 'node:zlib'
import { type Answer, exchange, type OutgoingRequest } from './exchange.ts'
import { type ToolbeltHost, toolbeltHeaders } from './host.ts'
import { encodeBody } from './http-body.ts'
import { RequestError, StatusCodeError, TransformError } from './http-errors.ts'
import { type Given, merge, optionsOf } from './http-merge.ts'
import { oauthHeader } from './http-oauth.ts'
import { type HttpOptions, targetOf } from './http-options.ts'
import { isRedirect, redirected } from './http-redirect.ts'

export interface HttpResponse {
  statusCode: number
  statusMessage: string
  headers: Answer['headers']
  body: unknown
  request: { uri: URL; method: string; headers: Record<string, string> }
}

type Call = (...given: Given) => Promise<unknown>
type Verb = 'get' | 'head' | 'options' | 'post' | 'put' | 'patch' | 'delete' | 'del'

export interface HttpClient extends Call, Record<Verb, Call> {
  defaults(options?: HttpOptions): HttpClient
}

/** The published HTTP client (`DevelopingwithFaaS/toolbelt.md`), with the interface of `request-promise`. */
export function createHttpClient(host: ToolbeltHost, defaults: HttpOptions = {}): HttpClient {
  const send = (own: HttpOptions) => {
    const options = merge(defaults, own)
    const answer = perform(host, options)
    // Who gives a callback hears of a failure there, and waits for nothing.
    if (options.callback) answer.catch(() => undefined)
    return answer
  }
  const as =
    (method: string): Call =>
    (...given) =>
      send({ ...optionsOf(given), method })
  const call: Call = (...given) => send(optionsOf(given))
  return Object.assign(call, {
    get: as('GET'),
    head: as('HEAD'),
    options: as('OPTIONS'),
    post: as('POST'),
    put: as('PUT'),
    patch: as('PATCH'),
    delete: as('DELETE'),
    del: as('DELETE'),
    defaults: (more: HttpOptions = {}) => createHttpClient(host, merge(defaults, more)),
  })
}

async function perform(host: ToolbeltHost, options: HttpOptions): Promise<unknown> {
  const { callback } = options
  let response: HttpResponse
  try {
    response = await follow(host, options)
  } catch (cause) {
    // On its own: what a callback throws is a failure of the function, not of the request.
    if (callback) queueMicrotask(() => callback(cause))
    throw new RequestError(cause, options)
  }
  if (callback) queueMicrotask(() => callback(null, response, response.body))
  return resultOf(response, options)
}

async function resultOf(response: HttpResponse, options: HttpOptions): Promise<unknown> {
  const { resolveWithFullResponse = false, simple = true, transform } = options
  const { body, statusCode } = response
  const isSuccess = statusCode >= 200 && statusCode < 300
  let transformed: { value: unknown } | undefined
  if (transform && (isSuccess || options.transform2xxOnly !== true)) {
    try {
      transformed = { value: await transform(body, response, resolveWithFullResponse) }
    } catch (cause) {
      throw new TransformError(cause, options, response)
    }
  }
  if (simple && !isSuccess) {
    const shown = transformed ? transformed.value : response
    throw new StatusCodeError(statusCode, body, options, shown)
  }
  if (transformed) return transformed.value
  if (resolveWithFullResponse) return response
  return response.request.method === 'HEAD' ? response.headers : body
}

async function follow(host: ToolbeltHost, options: HttpOptions): Promise<HttpResponse> {
  let request = requestOf(host, options)
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

function requestOf(host: ToolbeltHost, options: HttpOptions): OutgoingRequest {
  const url = targetOf(options)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries({ ...toolbeltHeaders(), ...options.headers })) {
    if (value === undefined) continue
    // A header of the function replaces the toolbelt's own, whatever its case.
    headers[name.toLowerCase()] = String(value)
  }
  const fromUrl = authIn(url)
  if (options.auth) headers['authorization'] = authorization(options.auth)
  else if (fromUrl) headers['authorization'] ??= authorization(fromUrl)
  if (options.gzip) headers['accept-encoding'] ??= 'gzip, deflate'
  const body = encodeBody(options, headers)
  const method = (options.method ?? 'GET').toUpperCase()
  const request = { url, method, headers, body, timeoutMs: options.timeout, tls: tlsOf(options) }
  if (options.oauth) headers['authorization'] = oauthHeader(host, request, options.oauth)
  return request
}

function authIn({ username, password }: URL): HttpOptions['auth'] {
  if (username === '' && password === '') return undefined
  return { user: unescape(username), pass: unescape(password) }
}

function authorization(auth: NonNullable<HttpOptions['auth']>): string {
  const { bearer, pass, password, user, username } = auth
  if (bearer !== undefined) return `Bearer ${typeof bearer === 'function' ? bearer() : bearer}`
  if (user === undefined && username === undefined) throw new Error('no auth mechanism defined')
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
  const read = options.encoding === null ? bytes : bytes.toString(options.encoding ?? 'utf8')
  if (!options.json) return read
  // As the published client has it: JSON of nothing is no text.
  if (bytes.length === 0) return undefined
  try {
    return JSON.parse(String(read), options.jsonReviver) as unknown
  } catch {
    return read
  }
}

/** As the published client: what is there of an answer that was cut off, and nothing of one without a body. */
const LENIENT = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }

function decompress(bytes: Buffer, given: string): Buffer {
  const encoding = given.trim().toLowerCase()
  if (encoding === 'gzip') return gunzipSync(bytes, LENIENT)
  if (encoding === 'deflate') return inflateSync(bytes, LENIENT)
  return encoding === 'br' && bytes.length > 0 ? brotliDecompressSync(bytes) : bytes
}
