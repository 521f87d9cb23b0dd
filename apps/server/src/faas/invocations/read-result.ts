import { parseJson } from '#base/input'
import { ParleyError } from '#base/kernel'

/** What a function returned; or why the server does not read it: it is nested too deeply, or has too many values. */
export function readResult(
  result: Uint8Array,
): { ok: true; value: unknown } | { ok: false; reason: string } {
  try {
    return { ok: true, value: parseJson(Buffer.from(result).toString(), 'result') }
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error
    return { ok: false, reason: `The function's ${error.message}` }
  }
}
