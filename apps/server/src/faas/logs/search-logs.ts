import type { LogEntry, LogFilter } from '@parley/contract'
import { invalidPeriod } from '#base/kernel'
import { findLogs, type LogEntryRow } from './repository.ts'
import type { LogsDeps } from './deps.ts'

const DAY_MS = 86_400_000
/** Clocks of functions and other nodes may be this far ahead. */
export const AHEAD_MS = 60_000
/** Whoever asks for the last seven days, as `lpf logs --start` does, has counted them before the request was made. */
const LATE_MS = 60_000

export interface LogWindow {
  from?: number | undefined
  to?: number | undefined
}

/** The last day unless a window is given; never wider than the account may search, never older than what is kept. */
export async function searchLogs(
  deps: LogsDeps,
  accountId: string,
  filter: LogFilter,
  { from, to, limit, order }: LogWindow & { limit: number; order: 'asc' | 'desc' },
): Promise<LogEntry[]> {
  const { limits, retention } = await deps.settings.get(accountId)
  const now = deps.clock.now()
  const end = to ?? now + AHEAD_MS
  const start = from ?? Math.min(end, now) - DAY_MS
  if (start > end) throw invalidPeriod('query.from', 'The period must not begin after its end')
  if ((to ?? now) - start > limits.logSearchDays * DAY_MS + LATE_MS) {
    throw invalidPeriod(
      'query.from',
      `The period must begin at most ${limits.logSearchDays} days before its end`,
    )
  }
  const oldest = now - retention.logDays * DAY_MS
  await deps.records.writer.flush()
  const rows = await findLogs(deps.store.db, accountId, {
    ...filter,
    from: new Date(Math.max(start, oldest)),
    to: new Date(end),
    limit,
    order,
  })
  return rows.map(toLogEntry)
}

export function toLogEntry(row: LogEntryRow): LogEntry {
  return {
    functionId: row.functionId,
    invocationId: row.invocationId,
    ...(row.conversationId !== null && { conversationId: row.conversationId }),
    recordId: row.recordId,
    position: row.position,
    at: row.at.toISOString(),
    level: row.level,
    message: row.message,
    extras: row.extras,
  }
}
