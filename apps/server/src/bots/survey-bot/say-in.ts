import { canonicalLanguage, type SurveyText } from '@parley/contract'

/** The text in this language, in one of its parents (`en` for `en-US`), or in the survey's own language. */
export function sayIn(text: SurveyText, language: string, own: string): string {
  if (typeof text === 'string') return text
  for (let tag = language; tag !== ''; tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')))) {
    const said = text[tag]
    if (said !== undefined) return said
  }
  return text[own] ?? ''
}

/** What a client calls its language, spelt as definitions spell it. */
export function languageOf(given: string | undefined, own: string): string {
  if (given === undefined) return own
  return canonicalLanguage(given) ?? own
}
