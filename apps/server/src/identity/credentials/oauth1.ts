import { createHmac } from 'node:crypto'

/** The parameters of an `Authorization: OAuth …` header, decoded; `undefined` when it is not one. */
export function parseOAuth1Header(header: string): ReadonlyMap<string, string> | undefined {
  const [, list] = /^OAuth\s+(.*)$/is.exec(header) ?? []
  if (list === undefined) return undefined
  const params = new Map<string, string>()
  for (const part of list.split(',')) {
    const [, name, value] = /^\s*([\w%.~-]+)="([^"]*)"\s*$/.exec(part) ?? []
    if (name === undefined || value === undefined) return undefined
    const [decodedName, decodedValue] = [decode(name), decode(value)]
    if (decodedName === undefined || decodedValue === undefined || params.has(decodedName))
      return undefined
    params.set(decodedName, decodedValue)
  }
  return params
}

const DIGESTS = new Map([
  ['HMAC-SHA1', 'sha1'],
  ['HMAC-SHA256', 'sha256'],
  ['HMAC-SHA512', 'sha512'],
])

/** All that are taken, for the words of a refusal. */
export const OAUTH1_METHODS = new Intl.ListFormat('en', {
  type: 'disjunction',
  style: 'short',
}).format(DIGESTS.keys())

export function isOAuth1Method(method: string): boolean {
  return DIGESTS.has(method)
}

/** RFC 5849, 3.4.1: what is signed. `query` is undecoded; its empty parameters take part. */
export function signatureBase(
  method: string,
  url: { origin: string; path: string; query: string },
  oauthParams: ReadonlyMap<string, string>,
  plusIsSpace: boolean,
): string {
  const pairs: [string, string][] = []
  for (const part of url.query.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)]
    pairs.push([encode(decodeQuery(name, plusIsSpace)), encode(decodeQuery(value, plusIsSpace))])
  }
  for (const [name, value] of oauthParams) {
    if (name !== 'oauth_signature' && name !== 'realm') pairs.push([encode(name), encode(value)])
  }
  const normalized = pairs
    .toSorted(([nameA, valueA], [nameB, valueB]) => order(nameA, nameB) || order(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  return [method.toUpperCase(), encode(url.origin + url.path), encode(normalized)].join('&')
}

export function sign(base: string, method: string, secret: string, tokenSecret: string): string {
  const key = `${encode(secret)}&${encode(tokenSecret)}`
  return createHmac(DIGESTS.get(method) ?? 'sha1', key)
    .update(base)
    .digest('base64')
}

/** RFC 3986: stricter than the language's own encoding. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function decodeQuery(text: string, plusIsSpace: boolean): string {
  const spaced = plusIsSpace ? text.replaceAll('+', ' ') : text
  return decode(spaced) ?? spaced
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function order(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
