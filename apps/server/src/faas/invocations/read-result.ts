import { parseJson } from '#base/input'
import { ParleyError } from '#base/kernel'
import type { SandboxOutcome } from '#faas/sandbox'

/** A result of 1 MB may be a list of many thousand commands or mails, of which the first ones count, and nested as a function likes. */
const BOUNDS = { maxValues: 100_000, maxDepth: 5_000 }

/** How a result counts that the server does not read. */
const UNREADABLE = { ok: false, failure: 'runtime-exception', retryable: false } as const

/** A call whose result the server was to read. */
export interface ReadOutcome {
  outcome: SandboxOutcome
  /** What the function returned: nothing where it failed. */
  value: unknown
}

/** The call has failed where the server does not read what the function returned. */
export function readOutcome(outcome: SandboxOutcome): ReadOutcome {
  if (!outcome.ok || !outcome.result) return { outcome, value: undefined }
  const { result, ...ran } = outcome
  const read = readResult(result)
  if (read.ok) return { outcome, value: read.value }
  return { outcome: { ...ran, ...UNREADABLE, message: read.reason }, value: undefined }
}

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
