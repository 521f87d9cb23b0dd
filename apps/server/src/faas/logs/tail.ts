import type { LogEntry, LogFilter } from '@parley/contract'
import type { Logger } from '#base/kernel'
import { AHEAD_MS, toLogEntry } from './search-logs.ts'
import { findLogs } from './repository.ts'
import type { LogsDeps } from './deps.ts'

/** When more entries arrive at once, only the newest are sent: a reader could not follow. */
const MAX_AT_ONCE = 8_000

/** Calls `notify` with every new entry that fits the filter, from any node. */
export function tailLogs(
  deps: LogsDeps,
  accountId: string,
  filter: LogFilter,
  notify: (entries: LogEntry[]) => void,
): Disposable {
  const since = deps.clock.now()
  const seen = new Set<string>()
  /** The instant of the oldest entry that was not read yet. */
  let newSince = Infinity
  let isReading = false

  async function read(): Promise<void> {
    if (isReading) return
    isReading = true
    try {
      while (newSince < Infinity) {
        const from = newSince
        newSince = Infinity
        const fresh = await readNew(from)
        if (fresh.length > 0) notify(fresh)
      }
    } finally {
      isReading = false
    }
  }

  async function readNew(from: number): Promise<LogEntry[]> {
    const rows = await findLogs(deps.store.db, accountId, {
      ...filter,
      from: new Date(Math.max(since, from)),
      to: new Date(deps.clock.now() + AHEAD_MS),
      limit: MAX_AT_ONCE,
      order: 'desc',
    })
    const fresh = rows.map(toLogEntry).filter((entry) => !seen.has(keyOf(entry)))
    for (const entry of fresh) seen.add(keyOf(entry))
    forgetOldest(seen, MAX_AT_ONCE * 2)
    return fresh.toReversed()
  }

  return deps.records.watchNewLogs(accountId, (oldestAt) => {
    newSince = Math.min(newSince, oldestAt)
    read().catch(report(deps.logger))
  })
}

function keyOf({ recordId, position }: LogEntry): string {
  return `${recordId} ${position}`
}

function forgetOldest(seen: Set<string>, kept: number): void {
  for (const key of seen) {
    if (seen.size <= kept) return
    seen.delete(key)
  }
}

function report(logger: Logger): (error: unknown) => void {
  return (error) => logger.error({ err: error }, 'The log tail could not be read')
}
