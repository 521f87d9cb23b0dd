import { loadPart } from '../api/load-part.ts'
import { language } from './index.ts'
import { told, type Told } from './told.ts'

let meanings: Readonly<Record<string, string>> = {}
let sentences: Told = []

/**
 * Until then, and where it cannot be loaded, what is refused is told in English: nothing is while a page loads for the first time, and
 * who reads English never loads it.
 */
export const refusalsLoaded: Promise<void> =
  language === 'de' ? load().catch(() => undefined) : Promise.resolve()

async function load(): Promise<void> {
  const german = await loadPart(() => import('./german-refusals.ts'))
  meanings = german.MEANINGS
  sentences = german.SENTENCES
}

/** What a code means in the language of the user; nothing where the server's own words are to be read. */
export function meaningOf(code: string): string | undefined {
  return meanings[code]
}

/** Why a field or a request was refused, in the language of the user; in the words of the server where no others are known. */
export function refusedTold(text: string): string {
  return told(sentences, text)
}
