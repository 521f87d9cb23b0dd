import type * as z from 'zod'
import { language, locale } from './index.ts'

/** Contracts tell in English what is wrong with a field. In German the frequent problems are told by their kind. */
export function problemWords(issue: z.core.$ZodIssue): string {
  return (language === 'de' ? germanOf(issue) : undefined) ?? issue.message
}

function germanOf(issue: z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'Darf nicht leer sein'
      return bound('Mindestens', issue.minimum, issue.origin)
    case 'too_big':
      return bound('Höchstens', issue.maximum, issue.origin)
    case 'invalid_type':
    case 'invalid_value':
    case 'invalid_union':
      return issue.message === 'is missing' ? 'Fehlt' : undefined
    case 'invalid_format':
      return issue.format === 'email' ? 'Das ist keine E-Mail-Adresse' : undefined
    default:
      return undefined
  }
}

function bound(word: string, limit: number | bigint, origin: string): string {
  const unit = { string: ' Zeichen', array: ' Einträge' }[origin] ?? ''
  return `${word} ${limit.toLocaleString(locale)}${unit}`
}
