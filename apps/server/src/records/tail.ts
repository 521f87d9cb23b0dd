import type { LogEntry, LogFilter } from '@parley/contract'
import type { Logger } from '#kernel'
import { AHEAD_MS, toLogEntry } from './logs.ts'
import { findLogs, type LogEntryRow } from './logs-repository.ts'
import type { RecordsRoom } from './room.ts'

/** Entries of a long invocation are written when it ends: look back at least this far. */
const LOOK_BACK_MS = 60_000
const PAGE = 500
/** Of more at once only the newest are told: nobody can read them. */
const MOST_AT_ONCE = 8_000

/** Gives every new entry that fits to `hear`, from whichever node it comes. */
export function tailLogs(
  room: RecordsRoom,
  accountId: string,
  filter: LogFilter,
  hear: (entries: LogEntry[]) => void,
): Disposable {
  const since = room.clock.now()
  const seen = new Set<string>()
  let isReading = false
  let isAgain = false

  async function read(): Promise<void> {
    if (isReading) {
      isAgain = true
      return
    }
    isReading = true
    try {
      do {
        isAgain = false
        const fresh = await readNew()
        if (fresh.length > 0) hear(fresh)
      } while (isAgain)
    } finally {
      isReading = false
    }
  }

  /** The newest, as far back as there are such that were not seen. */
  async function readBack(): Promise<LogEntryRow[]> {
    const now = room.clock.now()
    for (let limit = PAGE; ; limit *= 4) {
      const rows = await findLogs(room.store.db, accountId, {
        ...filter,
        from: new Date(Math.max(since, now - LOOK_BACK_MS)),
        to: new Date(now + AHEAD_MS),
        limit,
        order: 'desc',
      })
      const oldest = rows.at(-1)
      if (!oldest || rows.length < limit || seen.has(keyOf(oldest)) || limit >= MOST_AT_ONCE) {
        return rows
      }
    }
  }

  async function readNew(): Promise<LogEntry[]> {
    const rows = await readBack()
    const fresh = rows.map(toLogEntry).filter((entry) => !seen.has(keyOf(entry)))
    for (const entry of fresh) seen.add(keyOf(entry))
    forgetOldest(seen, MOST_AT_ONCE * 2)
    return fresh.toReversed()
  }

  return room.store.onNotify('logs', (changed) => {
    if (changed === accountId) read().catch(report(room.logger))
  })
}

function keyOf({ recordId, position }: Pick<LogEntry, 'recordId' | 'position'>): string {
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
