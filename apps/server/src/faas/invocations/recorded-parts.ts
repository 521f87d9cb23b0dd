import type { OutgoingCall } from '@parley/contract'
import { parseJson } from '#base/input'
import { ParleyError } from '#base/kernel'
import type { SecretMask } from '#base/kit'
import type { LogEntry, SandboxOutcome } from '#faas/sandbox'

export function maskEntry(entry: LogEntry, mask: SecretMask): LogEntry {
  return {
    ...entry,
    message: mask.text(entry.message),
    extras: entry.extras.map((extra) => mask.value(extra)),
  }
}

/** Outgoing calls for a record; `null` when there were none. */
export function recordedCalls(
  { outgoing }: Pick<SandboxOutcome, 'outgoing'>,
  mask: SecretMask,
): OutgoingCall[] | null {
  if (outgoing.length === 0) return null
  return outgoing.map(({ host, method, calledFrom, refused, failed, ...rest }) => ({
    ...rest,
    host: mask.text(host),
    method: mask.text(method),
    ...(calledFrom !== undefined && { calledFrom: mask.text(calledFrom) }),
    ...(refused !== undefined && { refused: mask.text(refused) }),
    ...(failed !== undefined && { failed: mask.text(failed) }),
  }))
}

const decoder = new TextDecoder()

/** JSON for a record: parsed and masked, or only its beginning when it is too long, too deep or no JSON. */
export function recordedBody(
  given: Uint8Array | undefined,
  maxBytes: number,
  mask: SecretMask,
): unknown {
  if (given === undefined) return null
  const text = decoder.decode(given)
  const bytes = given.length
  if (bytes > maxBytes) {
    return { truncated: true, bytes, beginning: beginningOf(text, mask) }
  }
  try {
    return mask.value(parseJson(text, 'body'))
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error
    return { unreadable: true, bytes, beginning: beginningOf(text, mask) }
  }
}

const BEGINNING_CHARACTERS = 1_024

/** Masked first: a secret must not be cut. */
function beginningOf(text: string, mask: SecretMask): string {
  return mask.text(text.slice(0, 16 * BEGINNING_CHARACTERS)).slice(0, BEGINNING_CHARACTERS)
}
