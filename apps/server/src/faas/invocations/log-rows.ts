import type { SecretMask } from '#base/kit'
import type { LogEntry, SandboxOutcome } from '#faas/sandbox'
import type { InvocationRecord, LogRow } from '#faas/records'
import { maskEntry } from './recorded-parts.ts'

/** The log entries to store: none of level `Debug`, and only one when the log limits were exceeded. */
export function logRows(
  record: InvocationRecord,
  outcome: SandboxOutcome,
  mask: SecretMask,
): LogRow[] {
  const overLimit = !outcome.ok && outcome.failure === 'log-limit-reached'
  const entries = overLimit ? [limitEntry(outcome.message, outcome.logs, record)] : outcome.logs
  const rows: LogRow[] = []
  for (const [position, entry] of entries.entries()) {
    const { level } = entry
    if (level === 'Debug') continue
    const { message, extras, timestamp } = maskEntry(entry, mask)
    rows.push({
      accountId: record.accountId,
      at: new Date(timestamp),
      recordId: record.recordId,
      position,
      invocationId: record.invocationId,
      functionId: record.functionId,
      conversationId: record.conversationId ?? null,
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
  { startedAt }: InvocationRecord,
): LogEntry {
  return {
    level: 'Error',
    message: String(message),
    extras: [],
    // The log may be empty.
    timestamp: Math.max(logs.at(-1)?.timestamp ?? 0, startedAt.getTime()),
  }
}
