import type { SourceLanguage } from '@parley/contract'

/** What places in a function's source call its file. */
export function sourceFile(language: SourceLanguage): string {
  return language === 'typescript' ? 'index.ts' : 'index.js'
}
