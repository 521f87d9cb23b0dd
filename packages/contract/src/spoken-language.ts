/** In which Parley has words of its own for consumers and in mails. */
export type SpokenLanguage = 'en' | 'de'

/** For a language tag such as `de-AT`, in any spelling: English stands in for all but German. */
export function spokenLanguage(tag: string | undefined): SpokenLanguage {
  return /^de(?![a-z])/i.test(tag ?? '') ? 'de' : 'en'
}
