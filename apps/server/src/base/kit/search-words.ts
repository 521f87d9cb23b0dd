/** What is searched for, word by word; words between double quotes stay together. Never empty. */
export function searchWords(text: string): string[] {
  const found = text
    .replaceAll(/[“”„«»]/g, '"')
    .split('"')
    .flatMap((part, index) => (index % 2 === 1 ? [part] : part.split(/\s+/)))
    .map((word) => word.trim())
    .filter((word) => word !== '')
  return found.length > 0 ? found : [text]
}

/**
 * Patterns of `ilike any` for what contains this text, however it is written: with "ß" or "ss", with letters that carry their accents
 * or have them behind.
 */
export function likesContaining(text: string): string[] {
  const spellings = [text, text.replaceAll('ß', 'ss'), text.replaceAll(/ss/gi, 'ß')]
  const written = spellings.flatMap((one) => [one, one.normalize('NFC'), one.normalize('NFD')])
  return [...new Set(written)].map(likeContaining)
}

/** Phones write curly apostrophes: one of any kind finds all of them. */
function likeContaining(text: string): string {
  const literal = text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)
  return `%${literal.replaceAll(/(?<=\p{L})['’‘](?=\p{L})/gu, '_')}%`
}
