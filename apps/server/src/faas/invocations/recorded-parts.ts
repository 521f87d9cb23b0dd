import type { OutgoingCall } from '@parley/contract'
import { isCredential, mayHaveCredential } from '@parley/toolbelt/masked-names'
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

/** Without the values of members that are named as credentials are. The bounds of `parseJson` bound the depth. */
function maskCredentials(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(maskCredentials)
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const isMasked = isCredential(name) && member !== null && member !== ''
      return [name, isMasked ? '[secret]' : maskCredentials(member)]
    }),
  )
}

const decoder = new TextDecoder()

/** JSON for a record, masked: as it came where there is nothing to mask; only its beginning when it is too long, or no JSON to look into. */
export function keptJson(
  given: Uint8Array | undefined,
  maxBytes: number,
  mask: SecretMask,
): Masked<string> | null {
  if (given === undefined) return null
  const bytes = given.length
  if (bytes > maxBytes) {
    const beginning = decoder.decode(given.subarray(0, 4 * SEEN_CHARACTERS))
    return mask.json({ truncated: true, bytes, beginning: beginningOf(beginning, mask) })
  }
  const text = decoder.decode(given)
  const hasCredential = mayHaveCredential(text)
  const plain = hasCredential ? undefined : mask.plain(text)
  if (plain !== undefined) return plain
  try {
    const value = parseJson(text, 'body')
    return mask.json(hasCredential ? maskCredentials(value) : value)
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error
    return mask.json({ unreadable: true, bytes, beginning: beginningOf(text, mask) })
  }
}

const BEGINNING_CHARACTERS = 1_024
/** Secrets are found in so much of a text. */
const SEEN_CHARACTERS = 16 * BEGINNING_CHARACTERS

function beginningOf(text: string, mask: SecretMask): string {
  return mask.text(text.slice(0, SEEN_CHARACTERS), BEGINNING_CHARACTERS)
}
