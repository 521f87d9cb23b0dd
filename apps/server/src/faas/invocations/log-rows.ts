import type { LogEntry, SandboxOutcome } from '#faas/sandbox'
import type { InvocationHead, LogRow } from '#faas/records'
import { storableEntry } from './storable.ts'

/** What is stored of an invocation's log: no `Debug`, and only one entry when the limits were broken. */
export function logRows(
  head: InvocationHead,
  outcome: SandboxOutcome,
  secrets: readonly string[],
): LogRow[] {
  const overLimit = !outcome.ok && outcome.failure === 'log-limit-reached'
  const entries = overLimit ? [limitEntry(outcome.message, outcome.logs, head)] : outcome.logs
  const rows: LogRow[] = []
  for (const [position, entry] of entries.entries()) {
    const { level } = entry
    if (level === 'Debug') continue
    const { message, extras, timestamp } = storableEntry(entry, secrets)
    rows.push({
      accountId: head.accountId,
      at: new Date(timestamp),
      recordId: head.recordId,
      position,
      invocationId: head.invocationId,
      functionId: head.functionId,
      conversationId: head.conversationId ?? null,
      level,
      message,
      extras,
    })
  }
  return rows
}

function limitEntry(
  message: unknown,
  logs: readonly LogEntry[],
  { startedAt }: InvocationHead,
): LogEntry {
  return {
    level: 'Error',
    message: String(message),
    extras: [],
    // Nothing may have been kept before the limit was broken.
    timestamp: Math.max(logs.at(-1)?.timestamp ?? 0, startedAt.getTime()),
  }
}
