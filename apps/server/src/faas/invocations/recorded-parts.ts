import type { OutgoingCall } from '@parley/contract'
import { parseJson } from '#base/input'
import { type Masked, ParleyError } from '#base/kernel'
import type { SecretMask } from '#base/kit'
import type { LogEntry, SandboxOutcome } from '#faas/sandbox'

type MaskedEntry = LogEntry & { message: Masked<string>; extras: Masked<unknown[]> }

export function maskEntry(entry: LogEntry, mask: SecretMask): MaskedEntry {
  return { ...entry, message: mask.text(entry.message), extras: mask.value([...entry.extras]) }
}

/** Outgoing calls for a record; `null` when there were none. */
export function recordedCalls(
  { outgoing }: Pick<SandboxOutcome, 'outgoing'>,
  mask: SecretMask,
): Masked<OutgoingCall[]> | null {
  return outgoing.length === 0 ? null : mask.value([...outgoing])
}

const decoder = new TextDecoder()

/** JSON for a record: parsed and masked, or only its beginning when it is too long, too deep or no JSON. */
export function recordedBody(
  given: Uint8Array | undefined,
  maxBytes: number,
  mask: SecretMask,
): Masked<unknown> | null {
  if (given === undefined) return null
  const text = decoder.decode(given)
  const bytes = given.length
  if (bytes > maxBytes) {
    return mask.value({ truncated: true, bytes, beginning: beginningOf(text, mask) })
  }
  try {
    return mask.value(parseJson(text, 'body'))
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error
    return mask.value({ unreadable: true, bytes, beginning: beginningOf(text, mask) })
  }
}

const BEGINNING_CHARACTERS = 1_024

function beginningOf(text: string, mask: SecretMask): string {
  return mask.text(text.slice(0, 16 * BEGINNING_CHARACTERS), BEGINNING_CHARACTERS)
}
