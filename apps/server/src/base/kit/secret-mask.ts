import type { Masked } from '#base/kernel'
import { beginningOf, cleanText } from '#base/input'
import { type FormIndex, openFormIndex } from './form-index.ts'
import { formsOf } from './secret-forms.ts'
import { maskedTexts } from './secret-texts.ts'

const MASK = '[secret]'

/** Deeper than every published payload, and far from what a stack can hold. */
const MAX_DEPTH = 100

/** Of all forms of secrets that are remembered at least; of twice as many at most. */
const MAX_FORM_CHARACTERS = 2_000_000

/** Members and headers whose values are secrets whatever they are. */
const SECRET_NAME = /^(authorization|cookie|set-cookie)$/i
/** The same inside a text: a member of JSON, or a header's line. */
const SECRET_LINES = [
  /((?:authorization|cookie)\\*"\s*:\s*\\*")[^"\\\r\n]+/gi,
  /(authorization['"]?\s*[:=]\s*['"]?(?:basic|bearer|digest|dpop|oauth|token|apikey)\s)[^\r\n'"]+/gi,
  /(cookie['"]?\s*:\s*['"]?[\w.-]+=)[^\r\n'"]+/gi,
]
const MAY_HAVE_SECRET_LINE = /authorization|cookie/i

/** Hides an account's secrets in what its functions leave behind: the one rule for logs, records and results. */
export interface SecretMask {
  /** Remembers a value that a function has read: text or JSON. `maskedTexts` says what of it is masked. */
  add(secret: unknown): void
  /** A text as it may be stored: without secrets, and without what PostgreSQL cannot store. It is cut afterwards: half a secret is not found. */
  text(text: string, maxCharacters?: number): Masked<string>
  /** The same for every text inside a JSON value, names of members included. What is nested too deeply is left out. */
  value<T>(value: T): Masked<T>
  /** JSON of a value, masked. */
  json(value: unknown): Masked<string>
  /** JSON as it came, where one look at its text finds nothing to mask; else `undefined`. Whether it is JSON is not looked at. */
  plain(json: string): Masked<string> | undefined
}

/** Masks every secret as it is, inside JSON, in base64 and in URLs. Those that were not read for longest may be forgotten. */
export function openSecretMask(): SecretMask {
  let newer = openFormIndex()
  let older: FormIndex | undefined
  let known = new Set<string>()

  function text(given: string): string {
    const masked = newer.replaceIn(given, MASK)
    return cleanText(maskLines(older ? older.replaceIn(masked, MASK) : masked))
  }

  function value(given: unknown, depth: number): unknown {
    if (typeof given === 'string') return text(given)
    if (typeof given !== 'object' || given === null) return given
    if (depth === MAX_DEPTH) return '[nested too deeply]'
    if (Array.isArray(given)) return given.map((item) => value(item, depth + 1))
    const isHeader = isSecretHeader(given)
    return Object.fromEntries(
      Object.entries(given).map(([name, item]) => {
        const isSecret = SECRET_NAME.test(name) || (isHeader && name === 'value')
        return [text(name), isSecret && isFilled(item) ? MASK : value(item, depth + 1)]
      }),
    )
  }

  return {
    add(secret) {
      for (const masked of maskedTexts(secret)) {
        if (known.has(masked)) continue
        if (newer.characters > MAX_FORM_CHARACTERS) {
          older = newer
          newer = openFormIndex()
          known = new Set()
        }
        known.add(masked)
        for (const form of formsOf(masked)) newer.add(form)
      }
    },
    text: (given, maxCharacters = Infinity) =>
      beginningOf(text(given), maxCharacters) as Masked<string>,
    value: <T>(given: T) => value(given, 0) as Masked<T>,
    json: (given) => JSON.stringify(value(given, 0)) as Masked<string>,
    plain: (json) =>
      mayHaveSecret(json) || text(json) !== json ? undefined : (json as Masked<string>),
  }
}

/** All but those that forms of secrets have, too: they may stand for any character, or for the escapes of JSON inside. */
const ODD_ESCAPE = /\\[^"bfnrt]/

function mayHaveSecret(json: string): boolean {
  return MAY_HAVE_SECRET_LINE.test(json) || (json.includes('\\') && ODD_ESCAPE.test(json))
}

function maskLines(text: string): string {
  if (!MAY_HAVE_SECRET_LINE.test(text)) return text
  return SECRET_LINES.reduce((clean, line) => clean.replaceAll(line, `$1${MASK}`), text)
}

/** A header as functions get it, `{ key, value }`, or as some libraries say it, `{ name, value }`. */
function isSecretHeader(given: object): boolean {
  const { key, name } = given as { key?: unknown; name?: unknown }
  const names = (said: unknown) => typeof said === 'string' && SECRET_NAME.test(said)
  return 'value' in given && (names(key) || names(name))
}

/** An absent value, or whether there is one, is no secret. */
function isFilled(value: unknown): boolean {
  return typeof value === 'string' ? value !== '' : typeof value === 'object' && value !== null
}
