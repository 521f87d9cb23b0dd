import { language, locale } from './index.ts'

/**
 * What the server tells in English, and the same in German; where its words are those of a wire format, also in better English. `{}` stands for what differs, in the
 * same order in all; `{#}` in what is shown for a number.
 */
export type Told = readonly (readonly [told: string, german: string, english?: string])[]

/** What the server has told, in the language of the reader; in the server's own words where no others are known. */
export function told(sentences: Told, text: string): string {
  for (const [words, german, english] of sentences) {
    const shown = language === 'de' ? german : english
    const parts = shown === undefined ? undefined : partsIn(words.split('{}'), text)
    if (shown !== undefined && parts) return filled(shown, parts)
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

function filled(shown: string, parts: readonly string[]): string {
  let next = 0
  return shown.replace(/\{(#?)\}/g, (_, isNumber) => {
    const part = parts[next++] ?? ''
    return isNumber && /^\d+$/.test(part) ? Number(part).toLocaleString(locale) : part
  })
}
