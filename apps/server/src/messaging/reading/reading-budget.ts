/** Of one answer about several conversations: as JSON it is twice as long. */
const MAX_CHARACTERS = 50_000_000

/** How many characters may still be read for an answer: what is read for it at the same time shares it. */
export interface ReadingBudget {
  characters: number
}

export function readingBudget(): ReadingBudget {
  return { characters: MAX_CHARACTERS }
}
