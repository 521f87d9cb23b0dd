/** Names with more characters are not compared: the work grows with the product of the lengths. */
const MAX_CHARACTERS = 100

/** The known name that was probably meant: at most half of its letters differ. `undefined` when none is that near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_CHARACTERS) return undefined
  const [nearest] = known
    .map((one) => ({ one, letters: distance(name, one) }))
    .toSorted((a, b) => a.letters - b.letters)
  if (!nearest) return undefined
  return nearest.letters * 2 <= Math.max(name.length, nearest.one.length) ? nearest.one : undefined
}

/** How many letters must be added, removed or replaced (Levenshtein), whatever their case. */
function distance(from: string, to: string): number {
  const [a, b] = [from.toLowerCase(), to.toLowerCase()]
  let row = Array.from({ length: b.length + 1 }, (_none, index) => index)
  for (const [done, letter] of a.split('').entries()) {
    const next = [done + 1]
    for (const [index, other] of b.split('').entries()) {
      const replaced = (row[index] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
