import { beginningOf, parseJson } from '#base/input'
import { ParleyError } from '#base/kernel'

const BEGINNING_CHARACTERS = 1_024

/** An input or a result as it was kept, which nobody has parsed yet: one that is too deep, too large or no JSON is shown by its beginning. */
export function readKept(json: string): unknown {
  try {
    return parseJson(json, 'body')
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error
    const beginning = beginningOf(json, BEGINNING_CHARACTERS)
    return { unreadable: true, bytes: Buffer.byteLength(json), beginning }
  }
}
