import { de } from './de.ts'
import { en } from './en.ts'

/** What the page says: in German where the language is German, else in English. One page has one language. */
export let words: typeof en = en
/** Of dates and times, as BCP 47 writes it. */
export let locale = 'en'

export function speak(language: string): void {
  words = pageLanguage(language) === 'de' ? de : en
  locale = supportedLocale(language)
}

/** The language that the page has words for. */
export function pageLanguage(language: string): 'de' | 'en' {
  return /^de\b/i.test(language) ? 'de' : 'en'
}

/** Dates in another language than the words would be a riddle. */
function supportedLocale(language: string): string {
  const base = pageLanguage(language)
  try {
    return new Intl.Locale(language).language === base ? language : base
  } catch {
    return base
  }
}
