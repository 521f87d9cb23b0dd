/** Text that PostgreSQL stores: U+0000 and halves of surrogate pairs become U+FFFD. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}

/** The beginning of a text that is too long: cut between characters, as PostgreSQL stores no half of a surrogate pair. */
export function beginningOf<Text extends string>(text: Text, maxCharacters: number): Text {
  return text.slice(0, maxCharacters).toWellFormed() as Text
}
