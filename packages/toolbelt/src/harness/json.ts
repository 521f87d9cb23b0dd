const { parse, stringify } = JSON
const replace = String.prototype.replace
const includes = String.prototype.includes
const { apply } = Reflect

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
 * A value for a log entry, read once: errors become readable, and values that JSON cannot represent become text. To read it may run code
 * of the function, which may throw.
 */
export function loggable(value: unknown): unknown {
  if (typeof value === 'string') return value
  try {
    const text = stringify(value instanceof Error ? partsOf(value) : value) as string | undefined
    return text === undefined ? String(value) : parse(text)
  } catch (error) {
    return `[${messageOf(error, 'unreadable')}]`
  }
}

function partsOf(error: Error): object {
  return { name: error.name, message: error.message, stack: stackOf(error) }
}

/** What an error says; `otherwise` of what is none, or cannot be read. */
export function messageOf(thrown: unknown, otherwise: string): string {
  try {
    return thrown instanceof Error ? String(thrown.message) : otherwise
  } catch {
    return otherwise
  }
}
