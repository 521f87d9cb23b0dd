/** Where a text stands: its first byte, counted from one, and how many bytes it has. Nulls for no text. */
type Place = [start: number | null, bytes: number | null]

/**
 * Long texts that go to the database beside the JSON of their rows: as parts of it they would be read, copied and unescaped over and over. Rows say
 * where they stand, so that nothing in a text can end it.
 */
export interface Texts {
  add(text: string | null | undefined): Place
  /** All of them, one after the other, as UTF-8. */
  bytes(): Buffer
}

export function openTexts(): Texts {
  const texts: string[] = []
  let length = 0
  return {
    add(text) {
      if (text === null || text === undefined) return [null, null]
      const start = length + 1
      const bytes = Buffer.byteLength(text)
      texts.push(text)
      length += bytes
      return [start, bytes]
    },
    bytes() {
      const bytes = Buffer.allocUnsafe(length)
      let written = 0
      for (const text of texts) written += bytes.write(text, written)
      return bytes
    },
  }
}

/**
 * Such a text, as SQL of a procedure that has them as `texts`.
 * @param row a list whose members `member` and `member + 1` are its place
 */
export function textAt(row: string, member: number): string {
  return `convert_from(substr(texts, (${row}->>${member})::int, (${row}->>${member + 1})::int), 'UTF8')`
}
