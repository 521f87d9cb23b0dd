import { canonicalLanguage } from './canonical-language.ts'

/**
 * Of which languages a text is for somebody of this one, the best first. The usual script goes without saying: `zh-TW` is followed by
 * `zh-Hant-TW`, `zh-Hant`, `zh`. What a client sent may be no language at all.
 */
export function languageAndItsParents(given: string): string[] {
  const tag = canonicalLanguage(given)
  if (tag === undefined) return parentsOf(given.split('-'))
  const { language, script, region } = new Intl.Locale(tag)
  const usual = new Intl.Locale(language, { ...(region !== undefined && { region }) }).maximize()
  const written = script ?? usual.script
  const rest = tag.split('-').slice(script === undefined ? 1 : 2)
  const withScript = parentsOf(written === undefined ? [language] : [language, written, ...rest])
  const without = written === usual.script ? parentsOf([language, ...rest]) : []
  const both = withScript.flatMap((one, at) => [one, ...without.slice(at, at + 1)])
  return [...new Set([tag, ...both, language])]
}

function parentsOf(parts: readonly string[]): string[] {
  return parts.map((_, at) => parts.slice(0, parts.length - at).join('-'))
}
