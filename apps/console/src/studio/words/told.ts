import { language, locale } from './index.ts'

/** What the server tells in English, and the same in German. `{}` stands for what differs, in the same order in both; `{#}` in German for a number. */
export type Told = readonly (readonly [english: string, german: string])[]

/** What the server has told, in the language of the reader; in the server's own words where no others are known. */
export function told(sentences: Told, text: string): string {
  if (language !== 'de') return text
  for (const [english, german] of sentences) {
    const parts = partsIn(english.split('{}'), text)
    if (parts) return filled(german, parts)
  }
  return text
}

/** What stands in the text between these pieces; undefined where it is another text. */
function partsIn([first = '', ...pieces]: readonly string[], text: string): string[] | undefined {
  if (!text.startsWith(first)) return undefined
  let from = first.length
  const parts: string[] = []
  for (const [index, piece] of pieces.entries()) {
    const isLast = index === pieces.length - 1
    const at = isLast ? text.length - piece.length : text.indexOf(piece, from)
    if (at < from || !text.startsWith(piece, at)) return undefined
    parts.push(text.slice(from, at))
    from = at + piece.length
  }
  return from === text.length ? parts : undefined
}

function filled(german: string, parts: readonly string[]): string {
  let next = 0
  return german.replace(/\{(#?)\}/g, (_, isNumber) => {
    const part = parts[next++] ?? ''
    return isNumber && /^\d+$/.test(part) ? Number(part).toLocaleString(locale) : part
  })
}
