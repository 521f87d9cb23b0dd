/** Whether one of the texts contains what somebody looks for: in small or large letters, with "ß" or "ss", with accents on letters or behind. */
export function isLike(texts: readonly string[], wanted: string): boolean {
  const sought = folded(wanted.trim())
  return texts.some((text) => folded(text).includes(sought))
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll('ß', 'ss')
}
