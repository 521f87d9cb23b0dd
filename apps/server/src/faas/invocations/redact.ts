import type { OutgoingCall } from '@parley/contract'
import type { LogEntry, SandboxOutcome } from '#faas/sandbox'

const MASK = '[secret]'

/**
 * Text as it may be kept: without known secret values, without what PostgreSQL cannot store.
 */
export function redactText(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) {
    if (clean.includes(secret)) clean = clean.replaceAll(secret, MASK)
  }
  return clean.toWellFormed().replaceAll('\0', '\uFFFD')
}

/** Deeper than every published payload, and far below what the call stack can hold. */
const MAX_DEPTH = 100

/** Redacts every string inside a JSON value, keys included. Leaves out what is nested too deeply. */
export function redactValue(value: unknown, secrets: readonly string[], depth = 0): unknown {
  if (typeof value === 'string') return redactText(value, secrets)
  if (typeof value !== 'object' || value === null) return value
  if (depth === MAX_DEPTH) return '[nested too deeply]'
  const inside = (item: unknown) => redactValue(item, secrets, depth + 1)
  if (Array.isArray(value)) return value.map(inside)
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redactText(key, secrets), inside(item)]),
  )
}

export function redactEntry(entry: LogEntry, secrets: readonly string[]): LogEntry {
  return {
    ...entry,
    message: redactText(entry.message, secrets),
    extras: entry.extras.map((extra) => redactValue(extra, secrets)),
  }
}

/** Outgoing calls for a record; `null` when there were none. A host may be in lower case. */
export function recordedCalls(
  { outgoing }: Pick<SandboxOutcome, 'outgoing'>,
  secrets: readonly string[],
): OutgoingCall[] | null {
  if (outgoing.length === 0) return null
  const masked = [...secrets, ...secrets.map((secret) => secret.toLowerCase())]
  const clean = (text: string) => redactText(text, masked)
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
