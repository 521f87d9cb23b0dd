import { type SpokenLanguage, spokenLanguage } from '@parley/contract'

/** The language of the page itself: German for German, else English. */
export function pageLanguage(
  asked: string | undefined,
  acceptLanguage: string | undefined,
): SpokenLanguage {
  const [preferred] = (acceptLanguage ?? '').split(',')
  return spokenLanguage((asked ?? preferred)?.trim())
}
