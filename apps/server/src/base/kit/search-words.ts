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

/** A pattern of `ilike` for what contains this text. Phones write curly apostrophes: one of any kind finds all of them. */
export function likeContaining(text: string): string {
  const literal = text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)
  return `%${literal.replaceAll(/(?<=\p{L})['’‘](?=\p{L})/gu, '_')}%`
}
