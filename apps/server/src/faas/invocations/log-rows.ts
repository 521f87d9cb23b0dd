import type { SecretMask } from '#base/kit'
import type { LogEntry } from '#faas/sandbox'
import type { InvocationRecord, LogRow } from '#faas/records'
import { maskEntry } from './recorded-parts.ts'

/** The log entries to store: none of level `Debug`. */
export function logRows(
  record: InvocationRecord,
  entries: readonly LogEntry[],
  mask: SecretMask,
): LogRow[] {
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
