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
    const value = parseJson(text, 'body')
    return mask.parsed(mayHaveCredential(text) ? maskCredentials(value) : value, text)
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error
    return mask.value({ unreadable: true, bytes, beginning: beginningOf(text, mask) })
  }
}

const BEGINNING_CHARACTERS = 1_024

function beginningOf(text: string, mask: SecretMask): string {
  return mask.text(text.slice(0, 16 * BEGINNING_CHARACTERS), BEGINNING_CHARACTERS)
}
