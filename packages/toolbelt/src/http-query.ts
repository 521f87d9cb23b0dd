export const FORM = 'application/x-www-form-urlencoded'

/** Whether the body is a URL-encoded form. */
export function isForm(headers: Record<string, string>): boolean {
  return headers['content-type']?.startsWith(FORM) ?? false
}

/** How items of lists are named in queries and forms. */
export interface ListOptions {
  qsStringifyOptions?: { arrayFormat?: string; indices?: boolean }
  /** The same as `arrayFormat: 'repeat'`. */
  useQuerystring?: boolean
}

/** By `arrayFormat` of the published client. */
const NAMES: Record<string, (list: string, at: number) => string> = {
  indices: (list, at) => `${list}[${at}]`,
  brackets: (list) => `${list}[]`,
  repeat: (list) => list,
}

function formatOf({ qsStringifyOptions: { arrayFormat, indices } = {}, ...rest }: ListOptions) {
  if (rest.useQuerystring) return 'repeat'
  if (arrayFormat !== undefined && Object.hasOwn(NAMES, arrayFormat)) return arrayFormat
  return indices === false ? 'repeat' : 'indices'
}

/** `a: { b: 1 }` becomes `a[b]=1`, `a: [1]` becomes `a[0]=1` unless the options say otherwise, as the published client writes it. */
export function toQuery(values: Record<string, unknown>, options: ListOptions = {}): string {
  const nameOf = NAMES[formatOf(options)]
  const pairs: string[] = []
  const add = (name: string, value: unknown): void => {
    if (value === undefined) return
    if (Array.isArray(value)) value.forEach((item, i) => add(nameOf?.(name, i) ?? name, item))
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

/** Percent-encoding of RFC 3986. */
export function encode(text: string): string {
  return encodeReserved(encodeURIComponent(text))
}

/** The characters that `encodeURIComponent` leaves as they are. */
export function encodeReserved(text: string): string {
  return text.replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
