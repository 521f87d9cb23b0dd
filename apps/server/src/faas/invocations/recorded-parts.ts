import type { OutgoingCall } from '@parley/contract'
import { redactText, redactUrlPart, redactValue } from '#base/kit'
import type { LogEntry, SandboxOutcome } from '#faas/sandbox'

export function redactEntry(entry: LogEntry, secrets: readonly string[]): LogEntry {
  return {
    ...entry,
    message: redactText(entry.message, secrets),
    extras: entry.extras.map((extra) => redactValue(extra, secrets)),
  }
}

/** Outgoing calls for a record; `null` when there were none. */
export function recordedCalls(
  { outgoing }: Pick<SandboxOutcome, 'outgoing'>,
  secrets: readonly string[],
): OutgoingCall[] | null {
  if (outgoing.length === 0) return null
  const clean = (text: string) => redactUrlPart(text, secrets)
  return outgoing.map(({ host, method, refused, failed, ...rest }) => ({
    ...rest,
    host: clean(host),
    method: clean(method),
    ...(refused !== undefined && { refused: clean(refused) }),
    ...(failed !== undefined && { failed: clean(failed) }),
  }))
}

const decoder = new TextDecoder()

/** JSON for a record: parsed and redacted, or only its beginning when it is too long. */
export function recordedBody(
  given: Uint8Array | undefined,
  maxBytes: number,
  secrets: readonly string[],
): unknown {
  if (given === undefined) return null
  const text = decoder.decode(given)
  const bytes = given.length
  if (bytes > maxBytes) {
    return { truncated: true, bytes, beginning: redactText(text.slice(0, 1_024), secrets) }
  }
  try {
    return redactValue(JSON.parse(text), secrets)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return { unreadable: true, bytes, beginning: redactText(text.slice(0, 1_024), secrets) }
  }
}
