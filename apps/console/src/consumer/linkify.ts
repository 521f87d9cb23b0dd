/** A part of a text: words, or something that can be followed. */
export type TextPart = string | { text: string; href: string }

/** Addresses of pages and mails, and telephone numbers with a country or in groups, as people write them. */
const LINKS =
  /(?<page>\b(?:https?:\/\/|www\.)[^\s<>"]+)|(?<mail>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?<phone>(?<![\w+/-])(?:\+\d|\(0\d+\)|0\d+[ /-])[\d ()/-]{4,18}\d(?![\w-]))/gi
/** Belongs to the sentence around the address. */
const TRAILING = /[.,;:!?'"»“”)\]}]+$/

/** Splits a text at what can be followed. Only `https`, `http`, `mailto` and `tel` ever come out. */
export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = []
  let from = 0
  for (const { index, 0: found, groups = {} } of text.matchAll(LINKS)) {
    const word = withoutTrailing(found)
    const href = hrefOf(word, groups)
    if (href === undefined) continue
    parts.push(text.slice(from, index), { text: word, href })
    from = index + word.length
  }
  parts.push(text.slice(from))
  return parts.filter((part) => part !== '')
}

function hrefOf(word: string, groups: Record<string, string | undefined>): string | undefined {
  if (groups['mail'] !== undefined) return `mailto:${word}`
  if (groups['phone'] !== undefined) return phoneHref(word)
  const address = /^www\./i.test(word) ? `https://${word}` : word
  return URL.canParse(address) ? new URL(address).href : undefined
}

function phoneHref(word: string): string | undefined {
  const digits = word.replace(/\(0\)/, '').replaceAll(/[^\d+]/g, '')
  return digits.length >= 7 && digits.length <= 16 ? `tel:${digits}` : undefined
}

/** A bracket that was opened inside belongs to the address. */
function withoutTrailing(word: string): string {
  const trailing = TRAILING.exec(word)?.[0] ?? ''
  const bare = word.slice(0, word.length - trailing.length)
  return trailing.startsWith(')') && bare.includes('(') && !bare.includes(')') ? `${bare})` : bare
}
