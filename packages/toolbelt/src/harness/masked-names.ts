const { parse, stringify } = JSON
const { apply } = Reflect
const { test } = RegExp.prototype
const { includes, replace } = String.prototype
const MASK = '[secret]'

/** Members, fields and headers whose values are credentials. */
const NAMES =
  'token|access_token|refresh_token|id_token|password|client_secret|authorization|cookie'
const NAME = new RegExp(`^(?:${NAMES}|set-cookie|proxy-authorization)$`, 'i')
const FIELD = new RegExp(`(^|[?&])(${NAMES})=[^&#]*`, 'gi')
/** What each of these names has one of. */
const MAY_HAVE = /token|password|client_secret|authorization|cookie/i
const ESCAPE = '\\u'

const tests = (pattern: RegExp, text: string): boolean => apply(test, pattern, [text]) as boolean

/** False when no member or field in the text can be a credential. An escape may stand for any character of a name. */
export function mayHaveCredential(text: string): boolean {
  return tests(MAY_HAVE, text) || apply(includes, text, [ESCAPE])
}

export function isCredential(name: string): boolean {
  return tests(NAME, name)
}

function maskFields(text: string): string {
  return apply(replace as (by: RegExp, how: string) => string, text, [FIELD, `$1$2=${MASK}`])
}

/** An address or a form without credentials. */
export function maskForm(text: string): string {
  return tests(MAY_HAVE, text) ? maskFields(text) : text
}

/** A body without credentials: members of JSON, fields of a form. It stays byte for byte what it is where there are none. */
export function maskText(text: string): string {
  if (!mayHaveCredential(text)) return text
  try {
    let found = false
    const masked: unknown = parse(text, (name, value: unknown) => {
      if (!isCredential(name) || value === null || value === '' || value === MASK) return value
      found = true
      return MASK
    })
    return found ? (stringify(masked) ?? text) : text
  } catch {
    return maskFields(text)
  }
}

/** A value of JSON without credentials. */
export function maskValue(value: unknown): unknown {
  const text = stringify(value) as string | undefined
  return text === undefined ? undefined : parse(maskText(text))
}
