import { ParleyError } from '#base/kernel'

const UNIQUE_VIOLATION = '23505'
const FOREIGN_KEY_VIOLATION = '23503'

/** Turns the database's refusal of a double or of a missing reference into words for the caller. */
export async function mapConstraintErrors<T>(
  words: { taken?: string; missing?: string },
  write: Promise<T>,
): Promise<T> {
  try {
    return await write
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === UNIQUE_VIOLATION && words.taken)
      throw new ParleyError('conflict', words.taken, { cause })
    if (code === FOREIGN_KEY_VIOLATION && words.missing) {
      throw new ParleyError('invalid_request', words.missing, { cause })
    }
    throw cause
  }
}
