import type { Difference } from '@parley/contract'
import { beginningOf } from '#base/input'

/** Of one value, as JSON. */
const MAX_CHARACTERS = 2_000
/** Of all that is kept of one run: a job may have 10,000. */
const MAX_IN_ALL = 16_000

/** The differences as a job keeps them: long values by their beginning, and not more than fit. */
export function cutDifferences(differences: readonly Difference[]): {
  differences: Difference[]
  isCut: boolean
} {
  const kept: Difference[] = []
  let isCut = false
  let characters = 0

  function short(value: unknown): unknown {
    const text = JSON.stringify(value)
    if (text === undefined || text.length <= MAX_CHARACTERS) return value
    isCut = true
    const bytes = Buffer.byteLength(text)
    return { truncated: true, bytes, beginning: beginningOf(text, MAX_CHARACTERS) }
  }

  for (const { part, path, ...values } of differences) {
    const one = {
      part,
      path: beginningOf(path, MAX_CHARACTERS),
      ...('recorded' in values && { recorded: short(values.recorded) }),
      ...('replayed' in values && { replayed: short(values.replayed) }),
    }
    characters += JSON.stringify(one).length
    if (kept.length > 0 && characters > MAX_IN_ALL) return { differences: kept, isCut: true }
    kept.push(one)
  }
  return { differences: kept, isCut }
}
