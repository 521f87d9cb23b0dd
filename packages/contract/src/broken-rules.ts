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
}

type Issue = Parameters<NonNullable<z.core.$ZodConfig['customError']>>[0]

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
