import type * as z from 'zod'
import { language, locale } from './index.ts'

/** Contracts tell in English what is wrong with a field. In German the frequent problems are told by their kind. */
export function problemWords(issue: z.core.$ZodIssue): string {
  return (language === 'de' ? germanOf(issue) : undefined) ?? issue.message
}

const FORMATS: Partial<Record<string, string>> = {
  email: 'Das ist keine E-Mail-Adresse',
  url: 'Das ist keine Adresse, die hier stehen kann',
}

function germanOf(issue: z.core.$ZodIssue): string | undefined {
  if (issue.message === 'must not be empty') return 'Darf nicht leer sein'
  switch (issue.code) {
    case 'too_small':
      return bound('Mindestens', issue.minimum, issue.origin)
    case 'too_big':
      return bound('Höchstens', issue.maximum, issue.origin)
    case 'invalid_type':
      if (issue.expected === 'number') return 'Muss eine Zahl sein'
      if (issue.expected === 'int') return 'Muss eine ganze Zahl sein'
      return issue.message === 'is missing' ? 'Fehlt' : undefined
    case 'invalid_value':
    case 'invalid_union':
      return issue.message === 'is missing' ? 'Fehlt' : undefined
    case 'invalid_format':
      return FORMATS[issue.format]
    default:
      return undefined
  }
}

function bound(word: string, limit: number | bigint, origin: string): string {
  const unit = { string: ' Zeichen', array: limit === 1 ? ' Eintrag' : ' Einträge' }[origin] ?? ''
  return `${word} ${limit.toLocaleString(locale)}${unit}`
}
