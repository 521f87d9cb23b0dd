import type https from 'node:https'

/** The options of `request-promise` that the documents and their samples use. */
export interface HttpOptions {
  uri?: string | URL
  url?: string | URL
  baseUrl?: string
  method?: string
  headers?: Record<string, string | number | undefined>
  qs?: Record<string, unknown>
  body?: unknown
  json?: unknown
  form?: string | Record<string, unknown>
  formData?: Record<string, unknown>
  auth?: {
    user?: string
    username?: string
    pass?: string
    password?: string
    bearer?: string | (() => string)
  }
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
  strictSSL?: boolean
  rejectUnauthorized?: boolean
  agentOptions?: https.RequestOptions
  cert?: string | Buffer
  key?: string | Buffer
  ca?: string | Buffer
  passphrase?: string
}

/** `a: { b: 1 }` becomes `a[b]=1`, `a: [1]` becomes `a[0]=1`, as the published client writes it. */
export function toQuery(values: Record<string, unknown>): string {
  const pairs: string[] = []
  const add = (name: string, value: unknown): void => {
    if (value === undefined) return
    if (Array.isArray(value)) value.forEach((item, i) => add(`${name}[${i}]`, item))
    else if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
      for (const [key, item] of Object.entries(value)) add(`${name}[${key}]`, item)
    } else pairs.push(`${encode(name)}=${value === null ? '' : encode(asText(value))}`)
  }
  for (const [name, value] of Object.entries(values)) add(name, value)
  return pairs.join('&')
}

function asText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value)
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The target of a request: `baseUrl` and `uri` joined by one slash. `qs` replaces parameters of the same name. */
export function targetOf(options: HttpOptions): URL {
  const given = String(options.uri ?? options.url ?? '')
  if (given === '' && !options.baseUrl) throw new Error('options.uri is a required argument')
  const joined = options.baseUrl ? joinUrl(options.baseUrl, given) : given
  if (!URL.canParse(joined)) throw new Error(`Invalid URI "${joined}"`)
  const url = new URL(joined)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new Error(`Invalid protocol: ${url.protocol}`)
  }
  if (options.qs) url.search = joinQuery(url.searchParams, options.qs)
  return url
}

/** All of it encoded in one way, as the published client does. */
function joinQuery(present: URLSearchParams, qs: Record<string, unknown>): string {
  const pairs = [...present]
    .filter(([name]) => !Object.hasOwn(qs, name))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
  return [...pairs, toQuery(qs)].filter((part) => part !== '').join('&')
}

function joinUrl(base: string, path: string): string {
  if (path === '') return base
  return `${base.replace(/\/$/, '')}/${path.replace(/^\//, '')}`
}
