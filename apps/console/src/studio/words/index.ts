import { storage } from '../../storage.ts'
import { de } from './de.ts'
import { en } from './en.ts'

export type Language = 'de' | 'en'
const KEY = 'parley.language'

function chosen(): Language {
  const kept = storage.read(KEY)
  if (kept === 'de' || kept === 'en') return kept
  return /^de\b/i.test(navigator.language) ? 'de' : 'en'
}

export const language: Language = chosen()
/** Of dates and times. */
export const locale: string = navigator.language.startsWith(language)
  ? navigator.language
  : language
/** All texts of the console, in the language of its user. */
export const words: typeof en = language === 'de' ? de : en

/** The texts of one group of pages, in the language of its user: they are loaded with these pages only. */
export function spoken<Texts>({
  en: english,
  de: german,
}: {
  en: Texts
  de: NoInfer<Texts>
}): Texts {
  return language === 'de' ? german : english
}

/** The page is loaded again: one page has one language. */
export function speak(next: Language): void {
  storage.keep(KEY, next)
  location.reload()
}
