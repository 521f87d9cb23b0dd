import type { LogEntry, LogFilter } from '@parley/contract'
import type { Logger } from '#base/kernel'
import { onNewLogs } from './log-news.ts'
import { AHEAD_MS, toLogEntry } from './logs.ts'
import { findLogs } from './logs-repository.ts'
import type { RecordsRoom } from './room.ts'

/** Of more at once only the newest are told: nobody can read them. */
const MAX_AT_ONCE = 8_000

/** Gives every new entry that fits to `hear`, from whichever node it comes. */
export function tailLogs(
  room: RecordsRoom,
  accountId: string,
  filter: LogFilter,
  hear: (entries: LogEntry[]) => void,
): Disposable {
  const since = room.clock.now()
  const seen = new Set<string>()
  /** How far back the entries reach that were not read yet. */
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
        if (fresh.length > 0) hear(fresh)
      }
    } finally {
      isReading = false
    }
  }

  async function readNew(from: number): Promise<LogEntry[]> {
    const rows = await findLogs(room.store.db, accountId, {
      ...filter,
      from: new Date(Math.max(since, from)),
      to: new Date(room.clock.now() + AHEAD_MS),
      limit: MAX_AT_ONCE,
      order: 'desc',
    })
    const fresh = rows.map(toLogEntry).filter((entry) => !seen.has(keyOf(entry)))
    for (const entry of fresh) seen.add(keyOf(entry))
    forgetOldest(seen, MAX_AT_ONCE * 2)
    return fresh.toReversed()
  }

  return onNewLogs(room.store, accountId, (oldestAt) => {
    newSince = Math.min(newSince, oldestAt)
    read().catch(report(room.logger))
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
