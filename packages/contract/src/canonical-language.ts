/** A client's language tag as BCP 47 spells it: `en_us` becomes `en-US`. `undefined` when it is no language tag. */
export function canonicalLanguage(given: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(given.replaceAll('_', '-'))[0]
  } catch {
    return undefined
  }
}
