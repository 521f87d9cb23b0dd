/** In which Parley has words of its own for consumers and in mails. */
export type SpokenLanguage = 'en' | 'de'

/** For a language tag such as `de-AT`, in any spelling: English stands in for all but German. */
export function spokenLanguage(tag: string | undefined): SpokenLanguage {
  return /^de(?![a-z])/i.test(tag ?? '') ? 'de' : 'en'
}

/** The language of a page: of what was asked for, else of the first of `Accept-Language`. */
export function pageLanguage(
  asked: string | undefined,
  acceptLanguage: string | undefined,
): SpokenLanguage {
  const [preferred] = (acceptLanguage ?? '').split(',')
  return spokenLanguage((asked ?? preferred)?.trim())
}
