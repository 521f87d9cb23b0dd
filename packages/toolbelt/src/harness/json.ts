const { parse, stringify } = JSON
const replace = String.prototype.replace
const includes = String.prototype.includes
const { apply, get } = Reflect

/** An escape in JSON text; group 1 matches those that no text of the database can hold: U+0000 and lone surrogates. */
const ESCAPES = /\\(?:(u0000|u[dD][89a-fA-F][0-9a-fA-F]{2})|.)/g

/** JSON text in which U+0000 and lone surrogates are replaced; `undefined` for values that JSON cannot represent. */
export function toJson(value: unknown): string | undefined {
  const text = stringify(value) as string | undefined
  if (text === undefined || !apply(includes, text, ['\\u'])) return text
  const fix = (all: string, unstorable: string | undefined) => (unstorable ? '\uFFFD' : all)
  return apply(replace as (pattern: RegExp, by: typeof fix) => string, text, [ESCAPES, fix])
}

let stackOf = ({ stack }: Error): string | undefined => stack

/** How logged errors show their stacks. */
export function readStacksWith(read: (error: Error) => string): void {
  stackOf = read
}

/**
 * A value for a log entry, read once: errors become readable, within other values without their stacks, and values that JSON cannot
 * represent become text. To read it may run code of the function, which may throw.
 */
export function loggable(value: unknown): unknown {
  if (typeof value === 'string') return value
  try {
    const shown = value instanceof Error ? { ...partsOf(value), stack: stackOf(value) } : value
    const text = stringify(shown, readable) as string | undefined
    return text === undefined ? String(value) : parse(text)
  } catch (error) {
    return `[${messageOf(error, 'unreadable')}]`
  }
}

function readable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  return value instanceof Error ? partsOf(value) : value
}

/** What tells apart errors of one message. Objects are left out: errors of HTTP clients carry whole requests, with their keys. */
const TOLD = ['code', 'statusCode', 'status', 'errno', 'syscall', 'path'] as const

function partsOf(error: Error): object {
  const parts: Record<string, unknown> = { name: error.name, message: error.message }
  for (const name of TOLD) {
    const value: unknown = get(error, name)
    if (typeof value === 'string' || typeof value === 'number') parts[name] = value
  }
  return parts
}

/** What an error says; `otherwise` of what is none, or cannot be read. */
export function messageOf(thrown: unknown, otherwise: string): string {
  try {
    return thrown instanceof Error ? String(thrown.message) : otherwise
  } catch {
    return otherwise
  }
}
