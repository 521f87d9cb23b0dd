import type https from 'node:https'
import type { OAuthOptions } from './http-oauth.ts'
import { encode, type ListOptions, toQuery } from './http-query.ts'

/** What `request` calls when the answer is there, of any status; or with the error of a request without one. */
export type HttpCallback = (error: unknown, response?: unknown, body?: unknown) => void

/** The options of `request-promise` that the documents and their samples use. */
export interface HttpOptions extends ListOptions {
  uri?: Target
  url?: Target
  baseUrl?: string
  method?: string
  headers?: Record<string, string | number | undefined>
  qs?: Record<string, unknown>
  body?: unknown
  json?: unknown
  jsonReviver?: (this: unknown, key: string, value: unknown) => unknown
  jsonReplacer?: (this: unknown, key: string, value: unknown) => unknown
  form?: string | Record<string, unknown>
  formData?: Record<string, unknown>
  multipart?: MultipartPart[] | { data: MultipartPart[] }
  auth?: {
    user?: string
    username?: string
    pass?: string
    password?: string
    bearer?: string | (() => string)
  }
  oauth?: OAuthOptions
  timeout?: number
  encoding?: BufferEncoding | null
  gzip?: boolean
  simple?: boolean
  resolveWithFullResponse?: boolean
  followRedirect?: boolean | ((response: unknown) => boolean)
  followAllRedirects?: boolean
  followOriginalHttpMethod?: boolean
  maxRedirects?: number
  transform?: (body: unknown, response: unknown, resolveWithFullResponse: boolean) => unknown
  transform2xxOnly?: boolean
  callback?: HttpCallback
  strictSSL?: boolean
  rejectUnauthorized?: boolean
  agentOptions?: https.RequestOptions
  cert?: string | Buffer
  key?: string | Buffer
  ca?: string | Buffer
  passphrase?: string
}

/** A URL as text, `new URL(…)`, or what `url.parse` returns. */
export type Target = string | URL | { href: string }

/** A part of a body of the type `multipart/related`: its headers, and its content. */
export interface MultipartPart {
  body: string | Uint8Array
  [header: string]: unknown
}

/** The target of a request: `baseUrl` and `uri` joined by one slash. `qs` replaces parameters of the same name. */
export function targetOf(options: HttpOptions): URL {
  const given = textOf(options.uri ?? options.url ?? '')
  if (given === '' && !options.baseUrl) throw new Error('options.uri is a required argument')
  const joined = options.baseUrl ? joinUrl(options.baseUrl, given) : given
  if (!URL.canParse(joined)) throw new Error(`Invalid URI "${joined}"`)
  const url = new URL(joined)
  requireHttp(url)
  if (options.qs) url.search = joinQuery(url.searchParams, options.qs, options)
  return url
}

export function requireHttp({ protocol }: URL): void {
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new Error(`Invalid protocol: ${protocol}`)
}

/** All of it encoded in one way, as the published client does. */
function joinQuery(
  present: URLSearchParams,
  qs: Record<string, unknown>,
  options: ListOptions,
): string {
  const pairs = [...present]
    .filter(([name]) => !Object.hasOwn(qs, name))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
  return [...pairs, toQuery(qs, options)].filter((part) => part !== '').join('&')
}

function textOf(target: Target): string {
  return typeof target === 'object' ? String(target.href) : String(target)
}

function joinUrl(base: string, path: string): string {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(path)) {
    throw new Error('options.uri must be a path when using options.baseUrl')
  }
  if (path === '') return base
  return `${base.replace(/\/$/, '')}/${path.replace(/^\//, '')}`
}
