/** Text that PostgreSQL stores: U+0000 and halves of surrogate pairs become U+FFFD. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
