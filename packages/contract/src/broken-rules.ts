import * as z from 'zod'

const ABOUT_ABSENCE = new Set(['invalid_type', 'invalid_value', 'invalid_union'])

const TYPES: Partial<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

const FORMATS: Partial<Record<string, string>> = {
  uuid: 'must be a UUID',
  email: 'must be an e-mail address',
  url: 'must be an address',
  datetime: 'must be an instant such as 2026-11-20T10:00:00Z',
  date: 'must be a date such as 2026-11-20',
  base64: 'must be base64',
}

type Issue = Parameters<NonNullable<z.core.$ZodConfig['customError']>>[0]

interface UnionIssue {
  /** Of each alternative. */
  errors: readonly (readonly z.core.$ZodIssue[])[]
  /** Of the member that decides, where one does. */
  options?: readonly unknown[]
}

// For all schemas, and read by people: in answers of the API, in the output of command lines, in the console at the fields of forms.
z.config({ customError: wordsOf })

function wordsOf(issue: Issue): string | undefined {
  const { code, input } = issue
  if (input === undefined && ABOUT_ABSENCE.has(code)) return 'is missing'
  if (input === '' && (code === 'too_small' || code === 'invalid_format')) {
    return 'must not be empty'
  }
  switch (code) {
    case 'too_small':
      return bounded(issue, issue.minimum, issue.inclusive === false ? 'more than' : 'at least')
    case 'too_big':
      return bounded(issue, issue.maximum, issue.inclusive === false ? 'less than' : 'at most')
    case 'invalid_type':
      return TYPES[issue.expected] && `must be ${TYPES[issue.expected]}`
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`
    case 'invalid_format':
      return FORMATS[issue.format]
    case 'invalid_key':
      return issue.issues[0]?.message
    case 'invalid_union':
      return anyOf(issue as UnionIssue)
    default:
      return undefined
  }
}

function bounded(
  { origin, exact }: { origin: string; exact?: boolean | undefined },
  limit: number | bigint,
  bound: string,
): string | undefined {
  const shown = `${exact ? 'exactly' : bound} ${limit}`
  if (origin === 'number' || origin === 'int') return `must be ${shown}`
  const unit = { string: 'character', array: 'entry', set: 'entry' }[origin]
  if (unit === undefined) return undefined
  return `must have ${shown} ${limit === 1 ? unit : unit === 'entry' ? 'entries' : `${unit}s`}`
}

const MUST_BE = 'must be '

/**
 * Of a union that a member decides: what that member must be. Of another one: the rule of the alternative that the value is one of, or
 * what each of them must be.
 */
function anyOf({ errors, options }: UnionIssue): string | undefined {
  if (options) return MUST_BE + options.map((value) => JSON.stringify(value)).join(' or ')
  const first = errors.flatMap(([issue]) => issue ?? [])
  const [meant, ...others] = first.filter(
    ({ code, path }) => path.length > 0 || !ABOUT_ABSENCE.has(code),
  )
  if (meant && others.length === 0) {
    const place = meant.path.join('.')
    return place === '' ? meant.message : `${place}: ${meant.message}`
  }
  const rules = first.map(({ message }) => message)
  if (rules.length === 0 || !rules.every((rule) => rule.startsWith(MUST_BE))) return undefined
  return MUST_BE + rules.map((rule) => rule.slice(MUST_BE.length)).join(' or ')
}
