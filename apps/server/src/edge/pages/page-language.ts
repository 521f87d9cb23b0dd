/** The language of the page itself: German for German, else English. */
export function pageLanguage(
  asked: string | undefined,
  acceptLanguage: string | undefined,
): 'de' | 'en' {
  const [preferred] = (acceptLanguage ?? '').split(',')
  return /^de(-|_|;|$)/i.test((asked ?? preferred ?? '').trim()) ? 'de' : 'en'
}
