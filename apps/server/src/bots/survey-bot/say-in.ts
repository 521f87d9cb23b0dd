import { canonicalLanguage, languageAndItsParents, type SurveyText } from '@parley/contract'

/** The text in this language, in one of its parents (`en` for `en-US`), or in the survey's own language. */
export function sayIn(text: SurveyText, language: string, own: string): string {
  if (typeof text === 'string') return text
  const found = [...languageAndItsParents(language), own].find((tag) => text[tag] !== undefined)
  return found === undefined ? '' : (text[found] ?? '')
}

/** What a client calls its language, spelt as definitions spell it. */
export function languageOf(given: string | undefined, own: string): string {
  if (given === undefined) return own
  return canonicalLanguage(given) ?? own
}
