import { parseJson } from '#base/input'
import { ParleyError } from '#base/kernel'

/** A result of 1 MB may be a list of many thousand commands or mails, of which the first ones count, and nested as a function likes. */
const BOUNDS = { maxValues: 100_000, maxDepth: 5_000 }

/** What a function returned; or why the server does not read it: it is nested too deeply, or has too many values. */
export function readResult(
  result: Uint8Array,
): { ok: true; value: unknown } | { ok: false; reason: string } {
  try {
    const text = Buffer.from(result).toString()
    return { ok: true, value: parseJson(text, 'result', BOUNDS) }
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error
    return { ok: false, reason: `The function's ${error.message}` }
  }
}
