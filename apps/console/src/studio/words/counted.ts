/** A number and what is counted, as one says it. */
export function counted(
  count: number,
  one: string,
  many: string,
  locale: 'en' | 'de' = 'en',
): string {
  return `${count.toLocaleString(locale)} ${count === 1 ? one : many}`
}
